/** The columns of a household that are read. */
export const huishoudenColumns = [
  'gemeentecode',
  'id',
  'adresIndex',
  'matchsoorten',
  'crisis',
  'jongere',
  'vroegsignaalIds',
  'aantalSignalen',
  'aantalSignaalpartners',
  'sectoren',
  'totaalbedragInCenten',
  'eersteSignaalOp',
  'laatsteSignaalOp',
  'reactiedatum',
  'geplandeDatum',
  'urgentie',
  'opgepakt',
  'adresindicatieBron',
  'adresindicatieDatum',
  'adresBekend'
] as const

/** What is read of the signals of a household. */
export type Signaaldelen = 'geen' | 'inhoud' | 'inhoud-en-beoordeling'

/** A household on its way from the database: a list, which is a third of the text of an object. */
export type Packed = readonly unknown[]

/** The columns of a signal that are read with its household. */
export const signalColumns = [
  'gemeentecode',
  'id',
  'status',
  'ontvangenOp',
  'reactiedatum',
  'sleuteldag',
  'vernietigingsdatum',
  'herhalingVan',
  'adresBekend',
  'signaalpartnerId'
] as const

const bytes: readonly string[] = ['adresIndex']
const instants: readonly string[] = ['ontvangenOp', 'eersteSignaalOp', 'laatsteSignaalOp']

/** SQL that packs a household `h`; the names of its columns are those of the table. */
export function packedSql(delen: Signaaldelen): string {
  const columns = huishoudenColumns.map((name) => columnSql('h', name))
  return `json_build_array(${columns.join(', ')}, ${delen === 'geen' ? 'null' : signalsSql(delen)})`
}

// Each signal is looked up on its own (`offset 0` forces that). pg reads every value as text, so bytes come in base64.
function signalsSql(delen: Signaaldelen): string {
  const sealed = delen === 'inhoud' ? ['inhoud'] : ['inhoud', 'beoordeling']
  const values = [
    ...signalColumns.map((name) => columnSql('v', name)),
    'p.naam',
    ...sealed.map((name) => `encode(v.${name}, 'base64')`)
  ]
  return `(select json_agg(json_build_array(${values.join(', ')}))
    from unnest(h.vroegsignaal_ids) as u(id) cross join lateral (
      select * from vroegsignaal v where (v.gemeentecode = h.gemeentecode) is true and v.id = u.id offset 0) v
    join signaalpartner p on p.id = v.signaalpartner_id)`
}

function columnSql(alias: string, name: string): string {
  const column = `${alias}.${name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`
  return bytes.includes(name) ? `encode(${column}, 'base64')` : column
}

/** The columns of a packed household by name, with those of its signals as `vroegsignalen`. */
export function unpack(values: Packed): Record<string, unknown> {
  const row = objectOf(huishoudenColumns, values)
  row.vroegsignalen = ((values[huishoudenColumns.length] ?? []) as Packed[]).map(unpackSignal)
  return row
}

function unpackSignal(values: Packed): Record<string, unknown> {
  const row = objectOf(signalColumns, values)
  const next = signalColumns.length
  row.signaalpartnerNaam = values[next]
  row.inhoud = bytesOf(values[next + 1])
  if (values.length > next + 2) row.beoordeling = values[next + 2] === null ? null : bytesOf(values[next + 2])
  return row
}

function objectOf(names: readonly string[], values: Packed): Record<string, unknown> {
  const row: Record<string, unknown> = {}
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index]!
    const value = values[index]
    if (bytes.includes(name)) row[name] = bytesOf(value)
    else row[name] = instants.includes(name) ? new Date(value as string) : value
  }
  return row
}

function bytesOf(text: unknown): Buffer {
  return Buffer.from(text as string, 'base64')
}
