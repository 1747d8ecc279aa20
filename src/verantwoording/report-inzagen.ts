import { inzagen, opvolgingen } from '../begrippen/verwerkingsactiviteit.ts'
import { addMonths } from '../time.ts'
import type { Handeling } from '../toegang/handeling.ts'
import { namesOfClients } from './read-verwerkingen.ts'
import type { Verwerkingsrapport } from './verwerking-schema.ts'
import { type Inzagetelling, listInzagetellingen } from './verwerkingsrapport-store.ts'

/** The report of a month: who looked at how much, how much of it was acted upon, and at which hours. */
export async function reportInzagen(
  handeling: Pick<Handeling, 'tx'>,
  gemeentecodes: readonly string[],
  maand: string
): Promise<Verwerkingsrapport> {
  const van = `${maand}-01`
  const vraag = { van, tot: addMonths(van, 1), inzagen, opvolgingen }
  const rows = await listInzagetellingen(handeling.tx, gemeentecodes, vraag)
  const names = await namesOfClients(handeling, rows)
  const perPerson = Map.groupBy(rows, ({ clientId, gebruiker }) => `${clientId}|${gebruiker ?? ''}`)
  return { maand, clients: [...perPerson.values()].map((ofOne) => summarise(ofOne, names)) }
}

function summarise(
  rows: readonly Inzagetelling[],
  names: ReadonlyMap<string, string>
): Verwerkingsrapport['clients'][number] {
  const { clientId, gebruiker, uur: _, ...counts } = rows.find(({ uur }) => uur === null)!
  const name = names.get(clientId)
  const perUur = new Map(rows.map(({ uur, aantalInzagen }) => [uur, aantalInzagen]))
  return {
    ...(name !== undefined && { clientId: name }),
    ...(gebruiker !== null && { gebruiker }),
    ...counts,
    inzagenPerUur: Array.from({ length: 24 }, (_, uur) => perUur.get(uur) ?? 0)
  }
}
