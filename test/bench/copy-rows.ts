import { join } from 'node:path'
import { withConnection } from '../../src/platform/database/open-database.ts'
import type { BenchServer } from './bench-server.ts'
import type { BenchStage } from './bench-stage.ts'

const rowsPerFile = 1_000

/** The bare COPY that a delivery is compared with. */
export type RowCopier = {
  /** Copies all rows into an empty table. Returns the seconds it took. */
  copy(): Promise<number>
}

/**
 * Exports the rows of `vroegsignaal` to files of a thousand rows each, in order of id. `copy` loads them into a table
 * with the same columns, checks and indexes. The server reads the files itself, without a network connection, so the
 * baseline is too fast rather than too slow.
 */
export async function takeRows({ databases }: BenchStage, { serverDir }: BenchServer): Promise<RowCopier> {
  const admin = <Result>(work: Parameters<typeof withConnection<Result>>[1]) =>
    withConnection(databases.adminUrl, work)
  const fileOf = (part: number) => join(serverDir, `kopie-${part}`)
  const parts = await admin(async (client) => {
    await client.query(`create table rijen as select (row_number() over (order by s.id) - 1) / ${rowsPerFile} as deel, s
      from vroegsignaal s`)
    await client.query('create index on rijen (deel)')
    const { rows } = await client.query('select max(deel)::int + 1 as parts from rijen')
    for (let part = 0; part < rows[0].parts; part += 1)
      await client.query(`copy (select (s).* from rijen where deel = ${part}) to '${fileOf(part)}'`)
    await client.query('drop table rijen')
    await client.query('create table kopie (like vroegsignaal including all)')
    return rows[0].parts as number
  })
  const copy = () =>
    admin(async (client) => {
      await client.query('truncate kopie')
      await client.query('checkpoint')
      const began = performance.now()
      for (let part = 0; part < parts; part += 1) await client.query(`copy kopie from '${fileOf(part)}'`)
      return (performance.now() - began) / 1000
    })
  return { copy }
}

/** Empties the tables that a delivery fills, so every round starts the same. */
export async function emptySignals({ databases }: BenchStage): Promise<void> {
  await withConnection(databases.adminUrl, async (client) => {
    // A trigger protects the processing log. This turns triggers off.
    await client.query('set session_replication_role = replica')
    await client.query(`truncate vroegsignaal, huishouden, huishouden_markering, verwerking, idempotentie,
      aanlevering, aanlevering_deel cascade`)
    await client.query('checkpoint')
  })
}
