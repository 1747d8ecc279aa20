import t from 'tap'
import type { Sector } from '../../src/begrippen/vroegsignaal.ts'
import {
  sqlName,
  vroegsignaalColumnNames,
  vroegsignaalColumns
} from '../../src/vroegsignalen/vroegsignaal-columns.ts'
import { openInhoud, signaalIn } from '../../src/vroegsignalen/vroegsignaal-inhoud.ts'
import { aSignalFor } from '../helpers/builders.ts'
import { openTestHub } from '../helpers/test-hub.ts'

// Whatever happens to a signal, only the columns that are meant to change may change.

type Row = Readonly<Record<string, string | number | boolean | null>>

const hub = await openTestHub(t)
const gemeentecodes = ['0177', '1773', '0150']
const [raalte, olst] = [await hub.gemeente('0177'), await hub.gemeente('1773'), await hub.gemeente('0150')]
const sector: Sector = 'zorgverzekering'
const verzekeraar = await hub.signaalpartner([sector], gemeentecodes)

// Fills the columns that are empty in a new signal, and gives every column a unique value.
const filled = `status = 'opgepakt', vernietigingsdatum = vernietigingsdatum - 1, vernietigingsaanleiding = 'geen-hulp',
  jongere = true, adres_bekend = true, adresversie = 7, herhaling_van = gen_random_uuid(), signaaldatum = signaaldatum - 1`

/** Posts a signal and fills every column but `doorgezonden_van`. Returns its id. */
async function postFilled(): Promise<string> {
  const own = { referentie: crypto.randomUUID(), klantnummer: crypto.randomUUID() }
  const signal = aSignalFor(sector, { soort: 'royementssignaal', ...own })
  const answer = await verzekeraar.post('/v1/vroegsignalen', signal)
  t.equal(answer.statusCode, 201, answer.body)
  const { id } = answer.json()
  await hub.admin(`update vroegsignaal set ${filled} where id = $1`, [id])
  return id
}

async function rowOf(id: string): Promise<Row> {
  const [found] = await hub.admin<{ row: Row }>(
    'select to_jsonb(v) as row from vroegsignaal v where id = $1',
    [id]
  )
  return found!.row
}

function changed(before: Row, after: Row): string[] {
  return Object.keys(before).filter((column) => before[column] !== after[column])
}

/** The unsealed content of a row. */
async function contentOf({ gemeentecode, id, sleuteldag, inhoud }: Row) {
  const bytes = Buffer.from(String(inhoud).replace('\\x', ''), 'hex')
  const row = { gemeentecode, id, sleuteldag, inhoud: bytes, adresBekend: true } as Parameters<
    typeof openInhoud
  >[1][number]
  const [content] = await openInhoud({ keys: hub.keys, opened: new Set() }, [row])
  return signaalIn(content!)
}

t.test('the list has every column of the catalogue, each with its type', async (t) => {
  const listed = vroegsignaalColumnNames.map((column) => [sqlName(column), vroegsignaalColumns[column]])
  const columns = await hub.admin<{ column: string; type: string }>(
    `select attname::text as column, typname::text as type from pg_attribute join pg_type on pg_type.oid = atttypid
     where attrelid = 'vroegsignaal'::regclass and attnum > 0 and not attisdropped order by attnum`
  )
  const inCatalogue = columns.map(({ column, type }) => [
    column,
    { int4: 'integer', bool: 'boolean' }[type] ?? type
  ])
  t.same(listed, inCatalogue)
})

t.test('the signal of these tests has a value of its own in every column', async (t) => {
  const row = await rowOf(await postFilled())
  t.same(
    Object.keys(row).filter((column) => row[column] === null),
    ['doorgezonden_van']
  )
  // Two booleans and a null leave no value of its own for others.
  const { doorgezonden_van: _, adres_bekend: __, beperkt: ___, ...values } = row
  t.equal(
    new Set(Object.values(values)).size,
    Object.keys(values).length,
    'so that none can stand for another'
  )
})

t.test('forwarding changes the place, the status, the seal and where it came from', async (t) => {
  const id = await postFilled()
  const forward = async (from: typeof raalte, gemeentecode: string) => {
    const before = await rowOf(id)
    const answer = await from.post(`/v1/vroegsignalen/${id}/doorzendingen`, { gemeentecode })
    t.equal(answer.statusCode, 201, answer.body)
    const after = await rowOf(id)
    t.same(await contentOf(after), await contentOf(before), 'sealed anew, the same content')
    return { after, changed: changed(before, after) }
  }
  const once = await forward(raalte, '1773')
  t.same(once.changed.toSorted(), [
    'afgerond',
    'beoordeling',
    'doorgezonden_van',
    'gemeentecode',
    'inhoud',
    'status'
  ])
  t.match(once.after, { gemeentecode: '1773', status: 'ontvangen', doorgezonden_van: '0177' })

  await hub.admin(`update vroegsignaal set status = 'opgepakt' where id = $1`, [id])
  const again = await forward(olst, '0150')
  t.same(again.changed.toSorted(), ['beoordeling', 'gemeentecode', 'inhoud', 'status'])
  t.match(again.after, { gemeentecode: '0150', doorgezonden_van: '0177' }, 'where it first came from')
})

t.test('a correction changes what was corrected, its hash, its seal and what it repeats', async (t) => {
  const id = await postFilled()
  const before = await rowOf(id)
  const body = { signaaldatum: '2026-11-20', achterstand: { bedragInCenten: 99_900 } }
  const answer = await verzekeraar.patch(`/v1/vroegsignalen/${id}`, body, { 'if-match': '*' })
  t.equal(answer.statusCode, 200, answer.body)
  const after = await rowOf(id)
  t.same(changed(before, after).toSorted(), [
    'bedrag_in_centen',
    'beoordeling',
    'herhaling_van',
    'inhoud',
    'inhoud_hash',
    'signaaldatum'
  ])
  t.match(after, { signaaldatum: '2026-11-20', bedrag_in_centen: 99_900, herhaling_van: null })
  const signaal = await contentOf(before)
  const achterstand = { ...signaal.achterstand, ...body.achterstand }
  t.same(await contentOf(after), { ...signaal, achterstand })
})
