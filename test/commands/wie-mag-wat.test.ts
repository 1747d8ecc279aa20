import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import t from 'tap'
import { describeRights, type Landscape } from '../../src/commands/wie-mag-wat/describe-rights.ts'
import { listen } from '../aanlevering/leveringen/deliveries.ts'
import { openTestHub } from '../helpers/test-hub.ts'

const command = fileURLToPath(new URL('../../src/commands/wie-mag-wat.ts', import.meta.url))

function run(env: Record<string, string>) {
  const { PATH = '' } = process.env
  return new Promise<{ code: number; stdout: string; stderr: string }>((resolve) => {
    const child = execFile(process.execPath, [command], { env: { PATH, ...env } }, (_, stdout, stderr) =>
      resolve({ code: child.exitCode ?? -1, stdout, stderr })
    )
  })
}

t.test('who takes part, what each client may do, and no secret', async (t) => {
  const hub = await openTestHub(t)
  const raalte = await hub.gemeente('0177', 'Raalte', ['huishoudens:lezen', 'overeenkomsten:ondertekenen'])
  const partner = await hub.signaalpartner(['huur'], ['0177'])
  const url = await listen(hub)
  const { clientId, clientSecret } = hub.beheer
  const { code, stdout, stderr } = await run({
    HUB_URL: url,
    BEHEER_CLIENT_ID: clientId,
    BEHEER_CLIENT_SECRET: clientSecret
  })
  t.equal(code, 0, stderr)
  t.match(
    stdout,
    new RegExp(
      `Gemeente Raalte \\(0177\\)\\n  Raalte, client ${raalte.clientId}: sinds 2026-11-20, .*zonder einddatum\\n    huishoudens:lezen +Gematchte`
    )
  )
  t.match(stdout, new RegExp(`client ${partner.clientId}`))
  t.match(stdout, /overeenkomst met Raalte: huur, vanaf 2020-01-01, actief/)
  for (const secret of [clientSecret, raalte.clientSecret, partner.clientSecret]) t.notMatch(stdout, secret)
})

t.test('without the client of the operator it says what is missing', async (t) => {
  const { code, stderr } = await run({})
  t.equal(code, 1)
  t.match(stderr, /BEHEER_CLIENT_ID.*\n.*BEHEER_CLIENT_SECRET/)
})

t.test('a reviewer is told of clients that nobody uses, and of those that have ended', async (t) => {
  const client = { rol: 'gemeente', gemeentecodes: ['0177', '1773'], scopes: ['huishoudens:lezen'] }
  const landscape: Landscape = {
    gemeenten: [{ gemeentecode: '0177', naam: 'Raalte' }],
    signaalpartners: [{ id: 'p', naam: 'De Linde', status: 'geschorst' }],
    overeenkomsten: [],
    clients: [
      { ...client, naam: 'Oud', clientId: 'oud', aangemaaktOp: '2026-01-01T09:00:00Z' },
      {
        ...client,
        naam: 'Nieuw',
        clientId: 'nieuw',
        aangemaaktOp: '2026-01-01T09:00:00Z',
        laatstGebruiktOp: '2026-11-26T23:30:00Z',
        einddatum: '2026-11-20'
      }
    ]
  }
  const text = describeRights(landscape, new Date('2026-11-27T09:00:00Z')).join('\n')
  t.match(text, /Oud, client oud: sinds 2026-01-01, nooit gebruikt, zonder einddatum\n {4}voor 2 gemeenten/)
  t.match(text, /laatst gebruikt 2026-11-27/, 'the day in the Netherlands')
  t.match(text, /Signaalpartner De Linde \(geschorst\)\n {2}geen client/)
  t.match(text, /Aandacht\n {2}Oud, .*al 330 dagen niet gebruikt.*\n {2}Nieuw, .*liep af op 2026-11-20/)
})
