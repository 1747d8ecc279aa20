import t from 'tap'
import { aSignal } from '../helpers/builders.ts'
import { openTestHub, type Party, type TestHub } from '../helpers/test-hub.ts'

const today = '2026-11-20'

async function openHub(t: Parameters<typeof openTestHub>[0]) {
  const hub = await openTestHub(t, { now: `${today}T09:00:00Z` })
  const raalte = await hub.gemeente('0177')
  await hub.gemeente('0141')
  return () => openPartner(hub, raalte)
}

async function openPartner(hub: TestHub, raalte: Party) {
  const verhuurder = await hub.signaalpartner(['huur', 'warmte'], [])
  const parties = { verhuurder, raalte }
  const agree = async (terms: object, signers: (keyof typeof parties)[] = ['verhuurder', 'raalte']) => {
    const made = await hub.beheer.post('/v1/overeenkomsten', {
      signaalpartnerId: verhuurder.id,
      gemeentecode: '0177',
      sectoren: ['huur'],
      convenantversie: 'LCV 2020',
      ingangsdatum: '2020-01-01',
      ...terms
    })
    const url = `/v1/overeenkomsten/${made.json().id}`
    for (const signer of signers) {
      const signature = { naam: 'O. Ondertekenaar', functie: 'Directeur' }
      const { statusCode, body } = await parties[signer].post(`${url}/ondertekeningen`, signature)
      if (statusCode !== 201) throw new Error(body)
    }
    return url
  }
  const change = async (url: string, terms: object) => {
    const { statusCode, body } = await hub.beheer.patch(url, terms, { 'if-match': '*' })
    if (statusCode !== 200) throw new Error(body)
  }
  const post = (overrides = {}) => verhuurder.post('/v1/vroegsignalen', aSignal(overrides))
  const kept = () => hub.admin('select from vroegsignaal where signaalpartner_id = $1', [verhuurder.id])
  return { agree, change, post, kept }
}

type Opened = Awaited<ReturnType<typeof openPartner>>

const without: Record<string, (opened: Opened) => Promise<object | undefined>> = {
  'no agreement at all': async () => undefined,
  'an agreement that nobody signed': async ({ agree }) => void (await agree({}, [])),
  'signed by the partner alone': async ({ agree }) => void (await agree({}, ['verhuurder'])),
  'signed by the municipality alone': async ({ agree }) => void (await agree({}, ['raalte'])),
  'a start date tomorrow': async ({ agree }) => void (await agree({ ingangsdatum: '2026-11-21' })),
  'a start date after the signal date': async ({ agree }) => {
    await agree({ ingangsdatum: today })
    return { signaaldatum: '2026-11-19' }
  },
  'ended before the signal date': async ({ agree, change }) =>
    void (await change(await agree({}), { einddatum: '2026-11-19' })),
  'ended after the signal date but before today': async ({ agree, change }) => {
    await change(await agree({}), { einddatum: '2026-11-19' })
    return { signaaldatum: '2026-11-18' }
  },
  suspended: async ({ agree, change }) => void (await change(await agree({}), { status: 'opgeschort' })),
  'for another sector': async ({ agree }) => void (await agree({ sectoren: ['warmte'] })),
  'with another municipality': async ({ agree }) => {
    await agree({})
    return { gemeentecode: '0141' }
  },
  'with a municipality that takes no part': async ({ agree }) => {
    await agree({})
    return { gemeentecode: '9999' }
  }
}

t.test('403 geen-overeenkomst: nothing is stored, and nothing else is told, when there is', async (t) => {
  const open = await openHub(t)
  for (const [title, arrange] of Object.entries(without)) {
    const opened = await open()
    const overrides = await arrange(opened)
    // The signal has another fault as well. Without an agreement the partner must not hear about it.
    const answer = await opened.post({ betalingsregeling: 'wordt-nagekomen', ...overrides })
    t.equal(answer.statusCode, 403, title)
    t.match(answer.json(), {
      type: '/v1/problemen/geen-overeenkomst',
      errors: [{ in: 'body', location: '/gemeentecode', code: 'overeenkomst-actief' }]
    })
    t.equal(answer.json().errors?.length, 1)
    t.same(await opened.kept(), [], title)
  }
})

t.test('an agreement counts on its first and its last day, and no longer once it is ended', async (t) => {
  const { agree, change, post } = await (await openHub(t))()
  const url = await agree({ ingangsdatum: today, einddatum: today })
  t.equal((await post({ referentie: 'R1' })).statusCode, 201)
  await change(url, { status: 'beeindigd' })
  t.equal((await post({ referentie: 'R2' })).statusCode, 403, 'from the very next request on')
  t.equal((await post({ referentie: 'R1' })).statusCode, 200, 'what was taken in stands')
})
