import { once as event } from 'node:events'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import fastify from 'fastify'
import t from 'tap'
import { answerInTurn } from '../../../src/platform/http/answer-in-turn.ts'
import type { App } from '../../../src/platform/http/typebox.ts'

const large = Buffer.alloc(16 * 1024 * 1024, 'a')
const seen: string[] = []
const app = fastify()
answerInTurn(app as never as App)
app.get('/small/:n', async ({ params }) => {
  const { n } = params as { n: string }
  seen.push(n)
  // The first takes longest.
  await sleep(20 - Number(n))
  return { n }
})
app.get('/large', async () => {
  seen.push('large')
  return Buffer.from(large)
})
const address = await app.listen({ port: 0, host: '127.0.0.1' })
t.teardown(() => app.close())
t.beforeEach(() => {
  seen.length = 0
})

t.test('requests sent ahead are answered in their order', async (t) => {
  const socket = await open()
  const numbers = Array.from({ length: 10 }, (_, n) => String(n))
  socket.write(numbers.map((n) => request(`/small/${n}`)).join(''))
  let text = ''
  socket.on('data', (chunk: Buffer) => {
    text += chunk.toString()
  })
  while (!text.includes('{"n":"9"}')) await sleep(5)
  t.same(
    [...text.matchAll(/\{"n":"(\d)"\}/g)].map(([, n]) => n),
    numbers
  )
  t.same(seen, numbers)
  socket.write(request('/small/5'))
  await event(socket, 'data')
  t.equal(seen.length, 11, 'and so is one that comes later')
  socket.destroy()
})

t.test('who reads nothing has one answer waiting, and the rest is dropped with the connection', async (t) => {
  const socket = await open()
  socket.pause().write(request('/large').repeat(100))
  await sleep(500)
  t.equal(seen.length, 1)
  const other = await fetch(`${address}/small/1`)
  t.equal(other.status, 200, 'others do not wait')
  socket.destroy()
  await sleep(200)
  t.same(seen, ['large', '1'])
})

async function open() {
  const { port, hostname } = new URL(address)
  const socket = connect(Number(port), hostname)
  await event(socket, 'connect')
  return socket
}

function request(path: string): string {
  return `GET ${path} HTTP/1.1\r\nHost: hub.test\r\n\r\n`
}
