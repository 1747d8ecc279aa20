import { awaitSweep, checkGone } from './check-destroyed.ts'
import { checkSearch, expectUnreadable, rowsOf, secretsOf } from './check-readable.ts'
import { type Cleanup, openCleanup } from './cleanup.ts'
import { deliverMonths } from './deliver-months.ts'
import { type DemoDatabase, startDemoDatabase } from './demo-database.ts'
import { dumpDatabase } from './dump-database.ts'
import { chapter, decimal, expect, progress, seconds, tally } from './expect.ts'
import { checkReceipt, handleHousehold } from './handle-household.ts'
import { openStage, type Stage } from './open-stage.ts'
import { gemeenten } from './participants.ts'
import type { Afloop } from './post-month.ts'
import { printTable } from './print-table.ts'
import { type Huishouden, pullHouseholds } from './pull-households.ts'
import { mostTelling, showHousehold } from './show-household.ts'
import { showMatches, showSectors } from './show-matches.ts'
import { showIntake, showRefusals } from './show-refusals.ts'
import { verifyProofs } from './verify-proofs.ts'

// The command behind `npm run demo`: a month of invented signals, from delivery to destruction.

const omvang = {
  datum: '2026-11-25',
  huishoudens: 1_900,
  eerder: [3, 2],
  eenmalig: 100,
  afwijzingenPerCriterium: 6
}
const maand = omvang.datum.slice(0, 7)
const naAfloop = '2027-05-26T06:00:00Z'

const cleanup = openCleanup()
try {
  await play(cleanup)
} catch (error) {
  if (!cleanup.isInterrupted()) expect(false, 'de demo loopt tot het einde', whyOf(error as Error))
} finally {
  await cleanup.run()
}
if (!cleanup.isInterrupted()) conclude()

async function play(cleanup: Cleanup): Promise<void> {
  chapter('1. De hub en wie er meedoen')
  const database = await startDemoDatabase(cleanup)
  progress('een eigen PostgreSQL draait')
  const stage = openStage(database, cleanup)
  const aflopen = await deliver(stage)
  const opgenomen = aflopen.filter(({ id }) => id !== undefined)

  chapter('3. Opgenomen en geweigerd')
  showIntake(aflopen)
  await showRefusals(stage.url(), omvang.datum, aflopen)
  showSectors(opgenomen, maand)

  chapter('4. Huishoudens, zoals de gemeenten ze ophalen')
  const huishoudens = await pullHouseholds(stage, opgenomen)
  showMatches(huishoudens, maand)
  const known = mostTelling(huishoudens)
  showHousehold(known, gemeenten.find(({ gemeentecode }) => gemeentecode === known.gemeentecode)!.naam)

  chapter('5. Wat de gemeente ermee doet, en wat de partners horen')
  const meldbewijs = await handleHousehold(stage, known, opgenomen, omvang.datum)

  await destroy(stage, database, { aflopen, opgenomen, huishoudens, known, meldbewijs })
}

async function deliver(stage: Stage): Promise<Afloop[]> {
  const aflopen = await deliverMonths(stage, omvang)
  const people = new Set(
    aflopen
      .filter(({ signaal }) => signaal.signaaldatum.startsWith(maand))
      .map(({ signaal }) => signaal.betrokkene.emailadres)
  )
  expect(people.size >= 2000, `signalen van ${maand} over ${people.size} verschillende inwoners`)
  return aflopen
}

type Past = {
  aflopen: Afloop[]
  opgenomen: Afloop[]
  huishoudens: Huishouden[]
  known: Huishouden
  meldbewijs: string
}

async function destroy(stage: Stage, { adminUrl }: DemoDatabase, past: Past): Promise<void> {
  const { aflopen, opgenomen, huishoudens, known, meldbewijs } = past
  const secrets = secretsOf(aflopen)

  chapter('6. De database vóór de vernietiging')
  checkSearch(aflopen)
  progress(`${secrets.size} namen, straten, referenties en nummers om naar te zoeken`)
  const before = await dumpDatabase(adminUrl)
  expect(
    rowsOf(before, 'vroegsignaal') === opgenomen.length,
    `de dump bevat de ${opgenomen.length} opgenomen signalen`,
    `${rowsOf(before, 'vroegsignaal')} rijen`
  )
  expectUnreadable('de dump vóór de vernietiging', before.content, secrets)

  chapter('7. Zes maanden later')
  await stage.moveClock(naAfloop)
  await awaitSweep(stage, opgenomen.length)
  await checkGone(stage, known, opgenomen)
  const after = await dumpDatabase(adminUrl)
  const tables = [...before.rows.keys()].filter((table) => !table.startsWith('adresregister'))
  printTable(
    ['Tabel', 'Rijen ervoor', 'Rijen erna'],
    tables.map((table) => [table, rowsOf(before, table), rowsOf(after, table)])
  )
  expect(
    rowsOf(after, 'vroegsignaal') === 0 && rowsOf(after, 'huishouden') === 0,
    'de dump bevat geen enkel signaal of huishouden meer'
  )
  expectUnreadable('de dump na de vernietiging', after.content, secrets)
  expectUnreadable('alles wat de hub schreef naar zijn logboek', Buffer.from(stage.output()), secrets)

  chapter('8. Het ondertekende bewijs')
  await verifyProofs(stage, opgenomen, huishoudens.length)
  await checkReceipt(stage, meldbewijs)
}

function conclude(): void {
  const { met, unmet } = tally()
  chapter('Slot')
  console.log(`  ${met} verwachtingen uitgekomen, ${unmet.length} niet, in ${decimal(seconds())} seconden.`)
  for (const text of unmet) console.log(`  ✗ ${text}`)
  process.exitCode = unmet.length === 0 ? 0 : 1
}

function whyOf({ message, cause }: Error): string {
  return cause instanceof Error ? `${message}: ${cause.message}` : message
}
