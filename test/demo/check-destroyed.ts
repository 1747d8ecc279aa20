import { expect, progress, seconds } from './expect.ts'
import type { Stage } from './open-stage.ts'
import { gemeenten, signaalpartners } from './participants.ts'
import type { Afloop } from './post-month.ts'
import type { Huishouden } from './pull-households.ts'

const sweepLimit = 60
const sample = 100

/** Waits until the proofs of destruction cover `wanted` signals. Gives up after a minute. */
export async function awaitSweep(stage: Stage, wanted: number): Promise<void> {
  const deadline = seconds() + sweepLimit
  const beheer = await stage.as('beheer')
  for (;;) {
    const { items } = await beheer.all('/v1/vernietigingen?limit=1000')
    const destroyed = items.reduce((sum, { aantalVroegsignalen }) => sum + aantalVroegsignalen, 0)
    if (destroyed >= wanted) return progress(`${destroyed} signalen vernietigd`)
    if (seconds() > deadline)
      return expect(false, 'de veger is klaar binnen een minuut', `${destroyed} van ${wanted}`)
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
}

/** Expects that the API no longer shows the signals anywhere. */
export async function checkGone(
  stage: Stage,
  known: Huishouden,
  opgenomen: readonly Afloop[]
): Promise<void> {
  await checkListsEmpty(stage)
  await checkKnownGone(stage, known)
  const statuses: number[] = []
  const step = Math.max(1, Math.floor(opgenomen.length / sample))
  for (const { partner, id } of opgenomen.filter((_, index) => index % step === 0)) {
    statuses.push((await (await stage.as(partner)).call('GET', `/v1/vroegsignalen/${id}`)).status)
  }
  expect(
    statuses.every((status) => status === 404),
    `partners krijgen 404 op hun eigen signalen (steekproef van ${statuses.length})`,
    [...new Set(statuses)].join()
  )
}

async function checkListsEmpty(stage: Stage): Promise<void> {
  const counts: number[] = []
  for (const { gemeentecode } of gemeenten) {
    const party = await stage.as(gemeentecode)
    for (const list of ['huishoudens', 'vroegsignalen'])
      counts.push((await party.all(`/v1/${list}`)).items.length)
  }
  for (const { code } of signaalpartners) {
    counts.push((await (await stage.as(code)).all('/v1/vroegsignalen')).items.length)
  }
  expect(
    counts.every((count) => count === 0),
    'de lijsten van alle gemeenten en alle partners zijn leeg',
    counts.join()
  )
}

async function checkKnownGone(
  stage: Stage,
  { gemeentecode, id, adres, vroegsignalen }: Huishouden
): Promise<void> {
  const party = await stage.as(gemeentecode)
  const { straat: _, woonplaats: __, nummeraanduidingIdentificatie: ___, ...zoekadres } = adres
  const { naam, burgerservicenummer = '999990019' } = vroegsignalen[0]!.betrokkene
  const questions = [
    { adres: zoekadres },
    { adres: zoekadres, naam: { geslachtsnaam: naam.geslachtsnaam } },
    { burgerservicenummer }
  ]
  const answers: string[] = []
  for (const list of ['huishoudens', 'vroegsignalen']) {
    for (const question of questions) {
      const { status, body } = await party.call('POST', `/v1/${list}/_zoek`, question)
      answers.push(`${status} ${body.resultaten?.length}`)
    }
  }
  expect(
    answers.every((answer) => answer === '200 0'),
    'zoeken op het adres, de naam of het burgerservicenummer van het getoonde huishouden vindt niets',
    answers.join(', ')
  )
  const paths = [
    `/v1/huishoudens/${id}`,
    ...vroegsignalen.map((signaal) => `/v1/vroegsignalen/${signaal.id}`)
  ]
  const statuses = await Promise.all(paths.map(async (path) => (await party.call('GET', path)).status))
  expect(
    statuses.every((status) => status === 404),
    'het getoonde huishouden en zijn signalen zijn voor de gemeente 404',
    statuses.join()
  )
}
