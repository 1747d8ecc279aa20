import { decodeJwt, decodeProtectedHeader } from 'jose'
import { deliver, ndjson } from '../../aanlevering/leveringen/deliveries.ts'
import { aSignalFor, type Overrides } from '../../helpers/builders.ts'
import type { Answer, Party } from '../../helpers/test-hub.ts'

/** The view of one partner on its own two signals, and everything it can try. */
export type Waarnemer = {
  /** Everything it saw, without its own ids and names. Equal for two partners that cannot be told apart. */
  readonly seen: string[]
  /** Everything it saw, unchanged. */
  readonly letters: string[]
  /** The ids of its two signals. */
  readonly ids: string[]
  /** The content of its feed at each moment it looked. */
  readonly feeds: Map<string, object[]>
  /** Sends both signals: one by itself, one in a delivery. */
  send(): Promise<void>
  /** Reads everything that a partner can read. */
  look(moment: string): Promise<void>
  /** Does things that leave nothing behind: repeats, trials, answers, and deliveries of signals sent before. */
  poke(moment: string): Promise<void>
  /** Corrects its second signal. */
  change(moment: string, bedragInCenten: number): Promise<void>
  withdraw(moment: string): Promise<void>
  /** Answers the betwisting of its first signal. */
  respond(moment: string, sleutel: string): Promise<void>
  /** Signals the customer again: an end of supply, a repeat, and a delivery. Returns the first answer. */
  signalAgain(moment: string, signaaldatum: string): Promise<Answer>
  /** Reuses the reference of its first signal for another one. */
  reuse(moment: string, signaaldatum: string): Promise<void>
}

const json = { 'content-type': 'application/json', 'if-match': '*' }
const signals = '/v1/vroegsignalen'

/** Opens a waarnemer for a partner in elektriciteit. */
export function openWaarnemer(partner: Party, plaats: Overrides): Waarnemer {
  const seen: string[] = []
  const letters: string[] = []
  const ids: string[] = []
  const feeds = new Map<string, object[]>()
  const contests: string[] = []
  const normalise = openNormaliser()
  let delivery = ''
  let stand = '/v1/terugkoppelingen?limit=4'

  const see = async (moment: string, question: string, asked: Promise<Answer>): Promise<Answer> => {
    const answer = await asked
    const text = readable(answer)
    letters.push(text)
    seen.push(normalise(`${moment}: ${question}: ${text}`))
    return answer
  }
  const sent = (overrides: Overrides = {}) =>
    aSignalFor('elektriciteit', { ...plaats, referentie: 'EEN', ...overrides })
  const other = (signaaldatum: string) => sent({ signaaldatum, achterstand: { bedragInCenten: 99_900 } })
  const pages = async (moment: string, question: string, first: string) => {
    const found: object[] = []
    let current: string | undefined
    for (let url: string | undefined = first; url !== undefined; ) {
      const answer: Answer = await see(moment, question, partner.get(url))
      found.push(...answer.json().resultaten)
      url = linkOf(answer, 'next')
      current = linkOf(answer, 'current')
    }
    return { found, current }
  }
  const post = (moment: string, question: string, body: object, headers = {}) =>
    see(moment, question, partner.post(signals, body, headers))
  const patch = (moment: string, question: string, bedragInCenten: number, headers = {}) =>
    see(
      moment,
      question,
      partner.patch(`${signals}/${ids[1]}`, { achterstand: { bedragInCenten } }, { ...json, ...headers })
    )
  const saveReactie = (moment: string, question: string, contest: string, headers = {}) => {
    const body = { reactie: 'gehandhaafd', toelichting: 'Er is niet betaald.' }
    return see(moment, question, partner.post(`/v1/betwistingen/${contest}/reacties`, body, headers))
  }
  const report = async (moment: string, question: string, id: string) => {
    await see(moment, question, partner.get(`/v1/aanleveringen/${id}`))
    await see(moment, `${question}: regels`, partner.get(`/v1/aanleveringen/${id}/regels`))
  }

  return {
    seen,
    letters,
    ids,
    feeds,
    send: async () => {
      const one = await post('levering', 'een', sent(), { 'idempotency-key': 'een' })
      const two = sent({ referentie: 'TWEE', klantnummer: 'KLANT-TWEE' })
      const answer = await see('levering', 'twee', deliver(partner, ndjson([two])))
      delivery = answer.json().id
      const lines = (await partner.get(`/v1/aanleveringen/${delivery}/regels`)).json().resultaten
      ids.push(one.json().id, lines[0].vroegsignaalId)
      await patch('levering', 'correctie', 80_000, { 'idempotency-key': 'correctie' })
    },
    look: async (moment) => {
      for (const [n, id] of ids.entries()) {
        await see(moment, `signaal ${n}`, partner.get(`${signals}/${id}`))
        await see(moment, `bewijs ${n}`, partner.get(`${signals}/${id}/meldbewijs`))
      }
      await pages(moment, 'lijst', `${signals}?limit=3`)
      await see(moment, 'zoek', partner.post(`${signals}/_zoek`, { referentie: 'EEN' }))
      const { found } = await pages(moment, 'terugkoppelingen', '/v1/terugkoppelingen?limit=4')
      feeds.set(moment, found)
      stand = (await pages(moment, 'nieuwe terugkoppelingen', stand)).current!
      const contested = await see(moment, 'betwistingen', partner.get('/v1/betwistingen'))
      for (const { id } of contested.json().resultaten) if (!contests.includes(id)) contests.push(id)
      await report(moment, 'verslag', delivery)
    },
    poke: async (moment) => {
      const again = sent()
      await post(moment, 'zelfde', again)
      await post(moment, 'andere inhoud', other('2026-11-20'))
      await post(moment, 'zelfde sleutel', again, { 'idempotency-key': 'een' })
      await post(moment, 'zelfde sleutel, andere inhoud', other('2026-11-20'), { 'idempotency-key': 'een' })
      await patch(moment, 'correctie herhaald', 80_000, { 'idempotency-key': 'correctie' })
      for (const [n, id] of contests.entries()) {
        await saveReactie(moment, `antwoord herhaald ${n}`, id, { 'idempotency-key': 'vroeg' })
      }
      const fresh = { referentie: 'PROEF', signaaldatum: moment.slice(0, 10) }
      for (const soort of ['vroegsignaal', 'afsluitsignaal']) {
        const body = sent({ ...fresh, soort })
        await see(moment, `proef ${soort}`, partner.post('/v1/proefbeoordelingen', body))
      }
      const lines = ndjson([again, other('2026-11-20')])
      const answer = await see(moment, 'levering', deliver(partner, lines))
      await report(moment, 'verslag van nu', answer.json().id)
    },
    change: async (moment, bedragInCenten) => {
      await patch(moment, 'correctie', bedragInCenten)
    },
    withdraw: async (moment) => {
      for (const headers of [{ 'idempotency-key': 'weg' }, { 'idempotency-key': 'weg' }, {}]) {
        const url = `${signals}/${ids[1]}/intrekkingen`
        await see(moment, 'intrekking', partner.post(url, { reden: 'betaald' }, headers))
      }
    },
    respond: async (moment, sleutel) => {
      await saveReactie(moment, 'antwoord', contests.at(-1)!, { 'idempotency-key': sleutel })
    },
    signalAgain: async (moment, signaaldatum) => {
      const first = await post(
        moment,
        'einde levering',
        sent({ referentie: 'EINDE', soort: 'afsluitsignaal', signaaldatum })
      )
      await post(moment, 'opnieuw', sent({ referentie: 'OPNIEUW', signaaldatum }))
      const lines = ndjson([sent({ referentie: 'REGEL', signaaldatum }), other(signaaldatum)])
      const answer = await see(moment, 'levering opnieuw', deliver(partner, lines))
      await report(moment, 'verslag opnieuw', answer.json().id)
      return first
    },
    reuse: async (moment, signaaldatum) => {
      await post(moment, 'referentie opnieuw', other(signaaldatum))
      await see(moment, 'levering referentie', deliver(partner, ndjson([other(signaaldatum)])))
    }
  }
}

/** The address of the page that an answer links to. */
export function linkOf({ headers }: Answer, rel: 'next' | 'current'): string | undefined {
  const found = /<http:\/\/hub\.test([^>]+)>; rel="(\w+)"/.exec(String(headers.link ?? ''))
  return found?.[2] === rel ? found[1] : undefined
}

/** The headers that carry information, and the body with its JWS texts decoded. */
function readable({ statusCode, headers, body }: Answer): string {
  const told = Object.entries(headers).filter(
    ([name]) => !['date', 'content-length', 'traceresponse', 'ratelimit'].includes(name)
  )
  const opened = body.replace(/[\w-]+\.[\w-]+\.[\w-]{86}/g, (jws) =>
    JSON.stringify([decodeProtectedHeader(jws), decodeJwt(jws)])
  )
  const link = String(headers.link ?? '').replace(/cursor=([\w-]+)\.[\w-]{22}/, (_, position: string) =>
    Buffer.from(position, 'base64url').toString()
  )
  return `${statusCode} ${JSON.stringify({ ...Object.fromEntries(told), link })} ${opened}`
}

// Replaces ids and ETags by the order in which they first appear. The rest of the text must be equal as it is.
function openNormaliser(): (text: string) => string {
  const labels = new Map<string, string>()
  const label = (text: string) => {
    if (!labels.has(text)) labels.set(text, `<${labels.size + 1}>`)
    return labels.get(text)!
  }
  return (text) =>
    text
      .replace(/[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}|\\"[\w-]{22}\\"/g, label)
      .replace(/Partner [\da-f]{6}/g, 'Partner')
      .replace(/"huisnummer":\d+/g, '"huisnummer":1')
}
