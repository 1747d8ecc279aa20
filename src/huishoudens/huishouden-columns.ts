/** What is read of the signals of a household. */
export type Signaaldelen = 'geen' | 'inhoud' | 'inhoud-en-beoordeling'

/** The columns of a household that are read, apart from what is only shown. */
export const huishoudenColumns = [
  'gemeentecode',
  'id',
  'adresIndex',
  'aantalSignalen',
  'urgentie',
  'reactiedatum'
] as const

/** The columns of a signal that are read with its household. */
export const signalColumns = [
  'status',
  'ontvangenOp',
  'reactiedatum',
  'sleuteldag',
  'vernietigingsdatum',
  'herhalingVan',
  'adresBekend',
  'signaalpartnerId',
  'inhoud'
] as const

/** A row that was read: values by the name of their column. */
export type Rij = Readonly<Record<string, unknown>>

// What is shown of a household besides its address and its signals, as JSON. The database writes it, because reading
// columns that are only shown and writing them here costs more. Ids, codes and days need nothing but quotation marks; a
// null leaves the member out.
const shown: readonly string[] = [
  `'{"id":"', h.id, '","gemeentecode":"', h.gemeentecode, '"'`,
  `',"adresBekend":' || h.adres_bekend`,
  `',"matchsoorten":', to_json(h.matchsoorten)`,
  `',"crisis":', h.crisis::text, ',"jongere":', h.jongere::text`,
  `',"aantalSignalen":', h.aantal_signalen, ',"aantalSignaalpartners":', h.aantal_signaalpartners`,
  `',"sectoren":', to_json(h.sectoren), ',"totaalbedragInCenten":', h.totaalbedrag_in_centen`,
  `',"eersteSignaalOp":"', ${instantSql('h.eerste_signaal_op')}, '"'`,
  `',"laatsteSignaalOp":"', ${instantSql('h.laatste_signaal_op')}, '"'`,
  `',"reactiedatum":"', h.reactiedatum, '"', ',"geplandeDatum":"' || h.geplande_datum || '"'`,
  `',"opgepakt":', h.opgepakt`,
  `',"vroegsignaalzaakId":"' || z.id || '"'`,
  `',"adresindicatie":{"bron":"' || h.adresindicatie_bron || '","datum":"' || h.adresindicatie_datum || '"}'`
]

function instantSql(column: string): string {
  return `to_char(${column} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

// A signal has columns of the same names, except where both have one value. So a row can be passed on as the signal that it
// holds: taking two hundred apart for a page costs more.
const householdNames = huishoudenColumns.map((name) =>
  name === 'gemeentecode' ? ([name, name] as const) : ([name, `${name}VanHuishouden`] as const)
)
const householdSql = householdNames.map(([name, inRow]) => `h.${columnOf(name)} as ${columnOf(inRow)}`).join()
const shownSql = `concat(${shown})`

/** The order of households in rows that were read: most urgent first, as their columns are called there. */
export const orderSql = ['urgentie', 'reactiedatum', 'gemeentecode', 'id']
  .map((sorted) => columnOf(householdNames.find(([name]) => name === sorted)![1]))
  .join()

// What is shown of a household is written once, with its first signal: writing it takes longer than reading a signal.
const signalSql = [
  householdSql,
  `case when u.nr = 1 then ${shownSql} end as getoond`,
  'u.id, u.nr, v.signaalpartner_naam',
  ...signalColumns.map((name) => `v.${columnOf(name)}`)
].join()

/**
 * SQL of what is read of households `h` and, where it asks for them, of their signals `v`: one row for each signal, in the
 * order of `nr`, which is that in which they were counted.
 */
export const columnsSql: Readonly<Record<Signaaldelen, string>> = {
  geen: `${householdSql}, ${shownSql} as getoond, h.vroegsignaal_ids, 1 as nr`,
  inhoud: signalSql,
  'inhoud-en-beoordeling': `${signalSql}, v.beoordeling`
}

// A household has one open case at most. Each is looked up on its own (`offset 0` forces that), and so is each signal.
const joinedZaak = `left join lateral (
    select id from vroegsignaalzaak z
    where (z.gemeentecode = h.gemeentecode) is true and z.huishouden_id = h.id and z.resultaat is null
      and not z.samengevoegd offset 0) z on true`
const joinedSignals = `${joinedZaak} cross join lateral unnest(h.vroegsignaal_ids) with ordinality as u(id, nr)
  left join lateral (
    select v.*, p.naam as signaalpartner_naam from (
      select * from vroegsignaal v where (v.gemeentecode = h.gemeentecode) is true and v.id = u.id offset 0) v
    join signaalpartner p on p.id = v.signaalpartner_id) v on true`

/** SQL that joins households `h` with their open case and their signals; a signal that the reader may not see any more has only its id. */
export const signalsSql: Readonly<Record<Signaaldelen, string>> = {
  geen: joinedZaak,
  inhoud: joinedSignals,
  'inhoud-en-beoordeling': joinedSignals
}

/** The households of these rows, in the order of their first rows; a row that holds a signal is passed on as that. */
export function groupRows(rows: readonly Rij[]): Record<string, unknown>[] {
  const households = new Map<unknown, Groep>()
  for (const row of rows) {
    const household = householdOf(households, row)
    const { vroegsignaalIds, vroegsignalen } = household
    if (row.getoond !== null) household.getoond = row.getoond
    if (row.id === undefined) continue
    vroegsignaalIds.push(row.id)
    if (row.signaalpartnerNaam !== null) vroegsignalen.push(row)
  }
  return [...households.values()]
}

type Groep = Record<string, unknown> & {
  readonly vroegsignaalIds: unknown[]
  readonly vroegsignalen: Rij[]
}

function householdOf(households: Map<unknown, Groep>, row: Rij): Groep {
  const { idVanHuishouden, vroegsignaalIds = [] } = row as Rij & Partial<Groep>
  const known = households.get(idVanHuishouden)
  if (known !== undefined) return known
  const household: Groep = { vroegsignaalIds, vroegsignalen: [] }
  for (const [name, inRow] of householdNames) household[name] = row[inRow]
  households.set(idVanHuishouden, household)
  return household
}

function columnOf(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}
