import { listRejected, sendFile } from './aanleveren/send-file.ts'
import { readSenderConfig } from './aanleveren/sender-config.ts'
import { writeRejected } from './aanleveren/write-rejected.ts'

let shown = -1

// Command `npm run aanleveren -- bestand.csv`: sends a partner's file and writes the rejected lines with their reasons.
// Exits 0 when every line was taken in, 2 when some were rejected, 1 when the delivery as a whole failed.
try {
  const config = readSenderConfig(process.argv.slice(2), process.env)
  const verslag = await sendFile(config, showProgress)
  process.stderr.write('\n')
  console.log(`Regels       ${verslag.aantalRegels}`)
  console.log(`Opgenomen    ${verslag.aantalOpgenomen}`)
  console.log(`Ongewijzigd  ${verslag.aantalOngewijzigd}`)
  console.log(`Afgewezen    ${verslag.aantalAfgewezen}`)
  if (verslag.aantalAfgewezen > 0) {
    const path = `${config.file}.afgewezen.csv`
    await writeRejected(path, listRejected(config, verslag.id))
    console.log(`De afgewezen regels staan met hun redenen in ${path}`)
    process.exitCode = 2
  }
} catch (error) {
  process.stderr.write(`\n${(error as Error).message}\n`)
  process.exitCode = 1
}

function showProgress(share: number): void {
  const percent = Math.floor(share * 100)
  if (percent === shown || (!process.stderr.isTTY && percent % 25 !== 0)) return
  shown = percent
  const bar = '█'.repeat(Math.floor(percent / 4)).padEnd(25, '·')
  process.stderr.write(process.stderr.isTTY ? `\r${bar} ${percent} %` : `${percent} %\n`)
}
