import { todayIn } from '../../src/time.ts'
import type { TestHub } from '../helpers/test-hub.ts'

/** What is counted: the database, and the hub's clock. */
type Counted = Pick<TestHub, 'admin'> & { readonly hub: Pick<TestHub['hub'], 'clock'> }
type Telling = 'signalen' | 'signaalpartners' | 'sectoren'
type Signaal = {
  adres: string
  id: string
  partner: string
  sector: string
  soort: string
  klant: string
  status: string
  op: Date
  maand: number
  reactiedatum: string
  geplandeDatum: string | null
  vernietigingsdatum: string
  bedrag: number
  jongere: boolean
}

const liveSignals = `
  select gemeentecode || '|' || encode(adres_index, 'hex') as adres, id, signaalpartner_id as partner, sector, soort,
    encode(klant_index, 'hex') as klant, status, ontvangen_op as op,
    (extract(year from ontvangstdatum) * 12 + extract(month from ontvangstdatum))::int as maand,
    reactiedatum::text, geplande_datum::text as "geplandeDatum", vernietigingsdatum::text, bedrag_in_centen as bedrag, jongere
  from vroegsignaal where vernietigingsdatum > $1 and status <> 'ingetrokken'`

const keptHouseholds = `
  select gemeentecode || '|' || encode(adres_index, 'hex') as adres, id, matchsoorten, crisis, jongere,
    aantal_signalen as "aantalSignalen", aantal_signaalpartners as "aantalSignaalpartners", sectoren,
    totaalbedrag_in_centen::int as "totaalbedragInCenten", eerste_signaal_op as "eersteSignaalOp",
    laatste_signaal_op as "laatsteSignaalOp", reactiedatum::text, geplande_datum::text as "geplandeDatum", urgentie, opgepakt,
    eerste_verval::text as "eersteVerval",
    laatste_verval::text as "laatsteVerval"
  from huishouden where laatste_verval > $1`

/** Counts every household again from the live signals, in plain code, by municipality and address. */
export async function recounted(hub: Counted, telling: Telling = 'signaalpartners') {
  const rows = await hub.admin<Signaal>(liveSignals, [todayIn(hub.hub.clock())])
  const perAddress = Map.groupBy(rows, ({ adres }) => adres)
  return Object.fromEntries(
    [...perAddress].sort().map(([adres, signals]) => [adres, count(signals, telling)])
  )
}

/** Every live household as the hub stores it, in the same form, without its id. */
export async function kept(hub: Counted) {
  const rows = await hub.admin<{ adres: string; id: string }>(keptHouseholds, [todayIn(hub.hub.clock())])
  const plain = rows.map(({ adres, id: _, ...counted }) => [adres, counted] as const)
  return Object.fromEntries(plain.sort(([a], [b]) => (a < b ? -1 : 1)))
}

function count(signals: Signaal[], telling: Telling) {
  const instants = signals.map(({ op }) => op.getTime()).sort((a, b) => a - b)
  const open = signals.filter(({ status }) => status === 'ontvangen')
  const expiries = signals.map(({ vernietigingsdatum }) => vernietigingsdatum).sort()
  return {
    matchsoorten: matchKinds(signals, telling),
    crisis: signals.some(({ soort }) => soort !== 'vroegsignaal'),
    jongere: signals.some(({ jongere }) => jongere),
    aantalSignalen: signals.length,
    aantalSignaalpartners: distinct(signals, ({ partner }) => partner),
    sectoren: [...new Set(signals.map(({ sector }) => sector))].sort(),
    totaalbedragInCenten: newestOfEach(signals).reduce((total, { bedrag }) => total + bedrag, 0),
    eersteSignaalOp: new Date(instants[0]!),
    laatsteSignaalOp: new Date(instants.at(-1)!),
    reactiedatum: (open.length > 0 ? open : signals).map(({ reactiedatum }) => reactiedatum).sort()[0],
    geplandeDatum: open.flatMap(({ geplandeDatum }) => geplandeDatum ?? []).sort()[0] ?? null,
    urgentie: urgencyOf(open),
    opgepakt: signals.filter(({ status }) => status === 'opgepakt').length,
    eersteVerval: expiries[0],
    laatsteVerval: expiries.at(-1)
  }
}

function urgencyOf(open: Signaal[]): number {
  if (open.length === 0) return 3
  if (open.some(({ soort }) => soort !== 'vroegsignaal')) return 0
  return open.some(({ jongere }) => jongere) ? 1 : 2
}

function matchKinds(signals: Signaal[], telling: Telling): string[] {
  const what = { signalen: 'id', signaalpartners: 'partner', sectoren: 'sector' } as const
  const perMonth = Map.groupBy(signals, ({ maand }) => maand)
  const newest = Math.max(...perMonth.keys())
  const isMultiple = [...perMonth.values()].some((some) => distinct(some, (one) => one[what[telling]]) >= 2)
  const isSuccessive = [...perMonth.keys()].some((month) => month < newest && month >= newest - 6)
  const kinds = [...(isMultiple ? ['meervoudig'] : []), ...(isSuccessive ? ['opeenvolgend'] : [])]
  return kinds.length > 0 ? kinds : ['enkelvoudig']
}

function newestOfEach(signals: Signaal[]): Signaal[] {
  const perClaim = Map.groupBy(signals, ({ partner, sector, klant }) => `${partner}|${sector}|${klant}`)
  return [...perClaim.values()].map(
    (repeats) => repeats.sort((a, b) => b.op.getTime() - a.op.getTime() || (a.id < b.id ? 1 : -1))[0]!
  )
}

function distinct(signals: Signaal[], of: (signal: Signaal) => string): number {
  return new Set(signals.map(of)).size
}
