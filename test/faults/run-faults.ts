import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Row } from './report.ts'

// The command behind `npm run test:faults`: the faults at length, with what else takes minutes, one file at a time, and what
// came of them in the README. Arguments name the files to run; then the README stays as it is.

const defaultSeconds = '180'
const runTests = fileURLToPath(new URL('../helpers/run-tests.ts', import.meta.url))
const readme = new URL('../../README.md', import.meta.url)
const marks = { from: '<!-- npm run test:faults writes this -->', to: '<!-- until here -->' }

const seconds = process.env.FAULTS_SECONDS ?? defaultSeconds
const given = process.argv.slice(2)
const files = given.length > 0 ? given : ['test/faults/*.test.ts', 'test/**/*.slow.ts']
const reportDir = mkdtempSync(join(tmpdir(), 'signaalhub-faults-'))
try {
  const { status } = spawnSync(process.execPath, [runTests, '--jobs=1', ...files], {
    stdio: 'inherit',
    env: { ...process.env, FAULTS_SECONDS: seconds, FAULTS_REPORT: reportDir }
  })
  process.exitCode = status ?? 1
  const rows = readRows(reportDir)
  console.log(tableOf(rows))
  if (status === 0 && given.length === 0) writeFileSync(readme, withTable(readFileSync(readme, 'utf8'), rows))
} finally {
  rmSync(reportDir, { recursive: true, force: true })
}

function readRows(dir: string): Row[] {
  return readdirSync(dir)
    .map((name): Row => JSON.parse(readFileSync(join(dir, name), 'utf8')))
    .sort((a, b) => a.order - b.order)
}

function tableOf(rows: readonly Row[]): string {
  const lines = rows.map(({ what, done, held }) => `| ${what} | ${done} | ${held} |`)
  return ['| what | done | held |', '|---|---|---|', ...lines].join('\n')
}

function withTable(text: string, rows: readonly Row[]): string {
  const [before = '', rest = ''] = text.split(marks.from)
  const after = rest.split(marks.to)[1]
  if (after === undefined) throw new Error(`README.md lacks the lines ${marks.from} and ${marks.to}`)
  return `${before}${marks.from}\n${tableOf(rows)}\n${marks.to}${after}`
}
