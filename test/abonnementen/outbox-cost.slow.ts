import t from 'tap'
import { gebeurtenissoortlijst } from '../../src/begrippen/gebeurtenissoort.ts'
import { matchAll } from '../../src/huishoudens/match-huishoudens.ts'
import { takeIn } from '../aanlevering/take-in.ts'
import { aSignal } from '../helpers/builders.ts'
import { useOwnServer } from '../helpers/own-server.ts'
import { openTestHub } from '../helpers/test-hub.ts'
import { type CarriedOut, reportStatements, watchStatements } from '../helpers/watch-statements.ts'
import { subscribe } from './receiver.ts'

// What the outbox costs whoever causes an event, in statements and blocks: these are the same on every machine.

await useOwnServer(t)
const hub = await openTestHub(t, {
  poolSize: 1,
  reach: async (databaseUrl) => {
    const url = new URL(process.env.TEST_DATABASE_URL!)
    url.pathname = new URL(databaseUrl).pathname
    await reportStatements(url.toString())
    return databaseUrl
  }
})
const raalte = await hub.gemeente('0177')
const verhuurder = await hub.signaalpartner(['huur'], ['0177'])
const size = 500

let taken = 0
const take = async (count: number) => {
  taken += 1
  const signals = Array.from({ length: count }, (_, n) =>
    aSignal({ referentie: `R-${taken}-${n}`, adres: { huisnummer: 1 + n } })
  )
  const statements = await watchStatements(() => takeIn(hub, verhuurder, signals))
  return { statements, insert: statements.find(({ text }) => text.includes('insert into vroegsignaal'))! }
}

// The blocks that looking in a table or its indexes reads. A node that writes counts what those below it read.
const blocksOn = ({ plan }: CarriedOut, relation: string) =>
  plan
    .split('\n')
    .filter((line) => line.includes(` Scan ${relation}`))
    .reduce((sum, line) => sum + Number(/blocks=(\d+)/.exec(line)![1]), 0)

t.test('where nobody listens, a slice looks once in an empty index and writes nothing', async (t) => {
  await take(size)
  const { statements, insert } = await take(size)
  const matching = await watchStatements(() => matchAll(hub.database))
  const recompute = matching.find(({ text }) => text.includes('insert into huishouden ('))!
  for (const statement of [insert, recompute]) {
    const blocks = blocksOn(statement, 'abonnement_wens') + blocksOn(statement, 'gebeurtenis')
    t.ok(blocks <= 10, `${blocks} blocks for ${size} signals`)
  }
  const ofOutbox = /^\s*(insert into|delete from) (gebeurtenis|bezorging)/
  t.notOk([...statements, ...matching].some(({ text }) => ofOutbox.test(text)))
})

t.test('where somebody does, it sends no statement more, however many signals', async (t) => {
  const before = (await take(size)).statements.length
  await subscribe(raalte, 'https://ontvanger.example/', gebeurtenissoortlijst)
  const one = await take(1)
  const { statements } = await take(size)
  t.equal(statements.length, before)
  t.ok(one.statements.length <= before)
  t.equal((await hub.admin('select from gebeurtenis')).length, size + 1)
})
