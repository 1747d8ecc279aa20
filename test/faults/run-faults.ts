import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadFile, type ReportedRow } from './report.ts'
import type { OperationFigures } from './steady-load.ts'

// The command behind `npm run test:faults`: the faults at length, with what else takes minutes, one file at a time, and what
// came of them in the README. Arguments name the files to run; of the others the README keeps what came of their last run.

const defaultSeconds = '180'
const runTests = fileURLToPath(new URL('../helpers/run-tests.ts', import.meta.url))
const readme = new URL('../../README.md', import.meta.url)
const marks = { from: '<!-- npm run test:faults writes this -->', to: '<!-- until here -->' }

const seconds = process.env.FAULTS_SECONDS ?? defaultSeconds
const given = process.argv.slice(2)
const files = given.length > 0 ? given : ['test/faults/*.test.ts', 'test/**/*.slow.ts']
// A test adds its row once all of it held, so what failed keeps its older day.
const reportDir = fileURLToPath(new URL('./report/', import.meta.url))
mkdirSync(reportDir, { recursive: true })
const { status } = spawnSync(process.execPath, [runTests, '--jobs=1', ...files], {
  stdio: 'inherit',
  env: { ...process.env, FAULTS_SECONDS: seconds, FAULTS_REPORT: reportDir }
})
process.exitCode = status ?? 1
const tables = [tableOf(readRows(reportDir)), ...loadTable(reportDir)].join('\n\n')
console.log(tables)
writeFileSync(readme, withTables(readFileSync(readme, 'utf8'), tables))

function readRows(dir: string): ReportedRow[] {
  return readdirSync(dir)
    .filter((name) => name !== loadFile)
    .map((name): ReportedRow => JSON.parse(readFileSync(join(dir, name), 'utf8')))
    .sort((a, b) => a.order - b.order)
}

function tableOf(rows: readonly ReportedRow[]): string {
  const lines = rows.map(({ what, day, done, held }) => `| ${what} | ${day} | ${done} | ${held} |`)
  return ['| what | on | done | held |', '|---|---|---|---|', ...lines].join('\n')
}

function loadTable(dir: string): string[] {
  const file = join(dir, loadFile)
  if (!existsSync(file)) return []
  const figures: OperationFigures[] = JSON.parse(readFileSync(file, 'utf8'))
  const lines = figures.map(({ operation, requests, errors, p50, p99, longest }) => {
    const failed = Object.values(errors).reduce((sum, count) => sum + count, 0)
    return `| ${operation} | ${requests} | ${failed} | ${p50} | ${p99} | ${longest} |`
  })
  return [
    [
      '| under load | requests | errors | p50 ms | p99 ms | longest ms |',
      '|---|---|---|---|---|---|',
      ...lines
    ].join('\n')
  ]
}

function withTables(text: string, tables: string): string {
  const [before = '', rest = ''] = text.split(marks.from)
  const after = rest.split(marks.to)[1]
  if (after === undefined) throw new Error(`README.md lacks the lines ${marks.from} and ${marks.to}`)
  return `${before}${marks.from}\n${tables}\n${marks.to}${after}`
}
