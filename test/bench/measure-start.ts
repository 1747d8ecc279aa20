import { spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { type Figure, hoogstens } from './figure.ts'
import { endWithUs, stopChild } from './hub-process.ts'
import { settings } from './settings.ts'
import { median } from './statistics.ts'
import type { Bench } from './with-stage.ts'

const meting = 'start'
const server = fileURLToPath(new URL('../../src/server.ts', import.meta.url))

/** Measures a start with the embedded database, from spawn to `gereed`: on an empty folder, and again. */
export async function measureStart({ server: { dir }, cleanup }: Bench): Promise<Figure[]> {
  const first: number[] = []
  const again: number[] = []
  for (let round = 0; round < settings.rounds; round += 1) {
    const dataDir = mkdtempSync(join(dir, 'start-'))
    chmodSync(dataDir, 0o711)
    cleanup.add(() => rmSync(dataDir, { recursive: true, force: true }))
    first.push(await startOnce(dataDir))
    again.push(await startOnce(dataDir))
  }
  return [
    { meting, naam: 'op een lege map', waarde: median(first), eenheid: 's', doel: hoogstens(4) },
    { meting, naam: 'nog eens', waarde: median(again), eenheid: 's', doel: hoogstens(1.5) }
  ]
}

async function startOnce(dataDir: string): Promise<number> {
  const env = { PATH: process.env.PATH ?? '', HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir }
  const began = performance.now()
  const child = spawn(process.execPath, [server], {
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'ignore']
  })
  endWithUs(child)
  try {
    for await (const line of createInterface({ input: child.stdout })) {
      if (JSON.parse(line).msg === 'gereed') return (performance.now() - began) / 1000
    }
    throw new Error('De hub eindigde bij het starten.')
  } finally {
    await stopChild(child)
  }
}
