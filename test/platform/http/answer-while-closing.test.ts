import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { connect } from 'node:net'
import { text } from 'node:stream/consumers'
import { setTimeout as sleep } from 'node:timers/promises'
import t from 'tap'
import { openTestHub } from '../../helpers/test-hub.ts'

t.test(
  'who asks a hub that ends, on a connection that is still busy, is told when to come back',
  async (t) => {
    const hub = await openTestHub(t)
    await hub.app.listen({ port: 0, host: '127.0.0.1' })
    const socket = connect((hub.app.server.address() as AddressInfo).port, '127.0.0.1')
    await once(socket, 'connect')
    const body = JSON.stringify({ gemeentecode: '0177', naam: 'Raalte' })
    socket.write(
      `POST /v1/gemeenten HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer ${hub.beheer.token}\r\n` +
        `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n${body.slice(0, 10)}`
    )
    await sleep(200)
    const closed = hub.app.close()
    await sleep(100)
    socket.write(`${body.slice(10)}GET /v1/criteria HTTP/1.1\r\nHost: hub\r\n\r\n`)
    const said = await text(socket)
    await closed
    const [first, second] = said.split(/(?=HTTP\/1\.1 )/)
    t.match(first, /^HTTP\/1\.1 201 /, 'what was begun is finished')
    t.match(second, /^HTTP\/1\.1 503 .*retry-after: 5\r\n.*application\/problem\+json.*niet-beschikbaar/is)
  }
)

t.test('connections that become idle meanwhile, or never send a whole request, do not keep it', async (t) => {
  const hub = await openTestHub(t)
  await hub.app.listen({ port: 0, host: '127.0.0.1' })
  const { port } = hub.app.server.address() as AddressInfo
  const open = async (begin: string) => {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    socket.on('error', () => undefined)
    socket.write(begin)
    return socket
  }
  const body = JSON.stringify({ gemeentecode: '0150', naam: 'Deventer' })
  const busy = await open(
    `POST /v1/gemeenten HTTP/1.1\r\nHost: hub\r\nAuthorization: Bearer ${hub.beheer.token}\r\n` +
      `Content-Type: application/json\r\nContent-Length: ${body.length}\r\n\r\n`
  )
  const said = text(busy)
  const others = [
    await open(''),
    await open('GET /v1/criteria HT'),
    await open('GET /v1/criteria HTTP/1.1\r\nX: ')
  ]
  await sleep(200)
  const began = performance.now()
  const closed = hub.app.close()
  await sleep(1_000)
  busy.write(body)
  await closed
  t.match(await said, /^HTTP\/1\.1 201 /, 'what was begun is finished')
  t.ok(performance.now() - began < 5_000)
  for (const socket of others) socket.destroy()
})
