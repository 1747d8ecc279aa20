let shown = -1

/** Shows the share of a file that was sent, from 0 to 1: a bar on a terminal, a line at every quarter elsewhere. */
export function showProgress(share: number): void {
  const percent = Math.floor(share * 100)
  if (percent === shown || (!process.stderr.isTTY && percent % 25 !== 0)) return
  shown = percent
  const bar = '█'.repeat(Math.floor(percent / 4)).padEnd(25, '·')
  process.stderr.write(process.stderr.isTTY ? `\r${bar} ${percent} %` : `${percent} %\n`)
}
