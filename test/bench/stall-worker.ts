import { Agent, get } from 'node:http'
import { setTimeout as sleep } from 'node:timers/promises'
import { parentPort, workerData } from 'node:worker_threads'

const every = 5
const agent = new Agent({ keepAlive: true, maxSockets: 1 })
let longest = 0
let isStopped = false
parentPort!.once('message', () => {
  isStopped = true
})
// The first answer pays for the connection, so it does not count.
await ping()
while (!isStopped) {
  const took = await ping()
  longest = Math.max(longest, took)
  await sleep(Math.max(0, every - took))
}
agent.destroy()
parentPort!.postMessage(longest)
parentPort!.close()

function ping(): Promise<number> {
  const began = performance.now()
  return new Promise((resolve) => {
    const done = () => resolve(performance.now() - began)
    get(workerData as string, { agent }, (answer) => answer.resume().once('end', done)).once('error', done)
  })
}
