import type { Test } from 'tap'
import { planHerindeling } from '../../../src/organisaties/herindelingen/plan-herindeling.ts'
import type { Outgoing } from '../../../src/platform/outgoing/outgoing.ts'
import { herindeelAll } from '../../../src/zaken/herindelingen/schedule-herindeling.ts'
import type { Party, TestHub } from '../../helpers/test-hub.ts'
import { openStage } from '../zaak-stage.ts'

export const newYear = '2027-01-01'
/** An instant on the day of the re-division. */
export const onTheDay = '2027-01-01T08:00:00Z'

/** A stage on which Raalte (0177) is to merge into Zwolle (0193) on the first of January. */
export async function openHerindeling(t: Test, options: { outgoing?: Outgoing } = {}) {
  const stage = await openStage(t, { now: '2026-12-20T09:00:00Z', ...options })
  const { hub } = stage
  const zwolle = await hub.gemeente('0193', 'Zwolle')
  await plan(hub, ['0177'], '0193')
  const warnings: object[] = []
  /** Does what the job of a hub does each time that it wakes. */
  const wake = () =>
    herindeelAll({
      database: hub.database,
      keys: () => hub.keys,
      clock: hub.hub.clock,
      logger: { warn: (fields) => void warnings.push(fields) },
      destroyNow: hub.hub.destroyNow
    })
  const carryOut = async () => {
    hub.setClock(onTheDay)
    await wake()
  }
  return { ...stage, zwolle, warnings, wake, carryOut }
}

export function plan(hub: TestHub, van: readonly string[], naar: string, datum = newYear) {
  return hub.database.as({ duty: 'beheer' }, (tx) =>
    planHerindeling(tx, { van, naar, datum }, hub.hub.clock())
  )
}

/** The rows of every table that belongs to a municipality, by table; those that stay under its code on purpose left out. */
export async function rowsOf(hub: TestHub, gemeentecode: string): Promise<Record<string, number>> {
  const staying = [
    'gemeente',
    'overeenkomst',
    'verwerking',
    'verwerkingsblad',
    'verwerkingszegel',
    'vernietiging',
    'huishouden_vergeten',
    'huishouden_vervallen',
    // What the matcher takes next.
    'huishouden_markering',
    'signaalpartner_telling',
    'afwijzing_telling',
    'monitor_telling'
  ]
  const tables = await hub.admin<{ name: string }>(
    `select table_name as name from information_schema.columns where table_schema = 'public'
     and column_name = 'gemeentecode' and table_name !~ '^adresregister' and table_name <> all ($1) order by 1`,
    [staying]
  )
  const counts = await Promise.all(
    tables.map(async ({ name }) => {
      const [row] = await hub.admin<{ aantal: number }>(
        `select count(*)::int as aantal from ${name} where gemeentecode = $1`,
        [gemeentecode]
      )
      return [name, row!.aantal] as const
    })
  )
  return Object.fromEntries(counts.filter(([, aantal]) => aantal > 0))
}

export const listOf = async (party: Party, url: string) => (await party.get(url)).json().resultaten
