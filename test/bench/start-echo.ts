import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { freePort } from '../../src/platform/free-port.ts'
import { endWithUs, stopChild } from './hub-process.ts'

const program = fileURLToPath(new URL('./echo-server.ts', import.meta.url))

/**
 * Starts a bare Fastify that validates a body with the same schema and returns it. When `page` names a file, it also
 * answers `/v1/huishoudens` with the page in that file. It does nothing else.
 */
export async function startEcho(page = ''): Promise<{ url: string; stop(): Promise<void> }> {
  const port = await freePort()
  const env = { PATH: process.env.PATH ?? '', PORT: String(port), BLADZIJDE: page }
  const child = spawn(process.execPath, [program], { env, detached: true, stdio: 'ignore' })
  endWithUs(child)
  const url = `http://127.0.0.1:${port}`
  for (let attempt = 0; attempt < 500; attempt += 1) {
    const answer = await fetch(`${url}/health/ready`).catch(() => undefined)
    await answer?.text()
    if (answer?.ok) return { url, stop: () => stopChild(child) }
    await sleep(20)
  }
  await stopChild(child)
  throw new Error('De echo startte niet.')
}
