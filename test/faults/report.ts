import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { todayIn } from '../../src/time.ts'
import { settings } from './fault-settings.ts'
import type { OperationFigures } from './steady-load.ts'

/** A row of the table in the README: what was broken, how often, and what held meanwhile. */
export type Row = {
  readonly order: number
  readonly what: string
  readonly done: string
  readonly held: string
}

/** A row with the day of the run. */
export type ReportedRow = Row & { readonly day: string }

/** Keeps a row for the table, when this run writes one. Call it after the last check. */
export function report(row: Row): void {
  if (settings.reportDir === undefined) return
  writeFileSync(
    join(settings.reportDir, `${row.order}.json`),
    `${JSON.stringify({ ...row, day: todayIn(new Date()) }, null, 2)}\n`
  )
}

/** Keeps the times under load for their own table. */
export function reportLoad(figures: readonly OperationFigures[]): void {
  if (settings.reportDir === undefined) return
  writeFileSync(join(settings.reportDir, loadFile), `${JSON.stringify(figures, null, 2)}\n`)
}

/** Where the times under load are kept in the folder of the report. */
export const loadFile = 'load.json'
