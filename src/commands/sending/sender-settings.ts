import { existsSync, readFileSync } from 'node:fs'
import type { Sender } from './send-file.ts'

type Env = Readonly<Record<string, string | undefined>>

/** What a command asks for: how its file and its client are called, for whoever forgets them. */
export type SettingTexts = {
  readonly bestand: string
  /** The name before `CLIENT_ID` and `CLIENT_SECRET` in the environment. */
  readonly prefix: string
  readonly client: string
}

/** Reads the settings of a command that sends a file; throws one Error that names everything missing. */
export function readSenderSettings(
  file: string | undefined,
  env: Env,
  texts: SettingTexts
): Sender & { readonly file: string } {
  const { sender, faults } = senderOf(env, texts)
  if (!file) faults.unshift(`bestand: ${texts.bestand}`)
  else if (!existsSync(file)) faults.push('bestand: dit bestand bestaat niet')
  requireNone(faults)
  return { ...sender, file: file ?? '' }
}

/** Reads where the hub is and which client asks; throws one Error that names everything missing. */
export function readSender(env: Env, texts: Omit<SettingTexts, 'bestand'>): Sender {
  const { sender, faults } = senderOf(env, texts)
  requireNone(faults)
  return sender
}

function senderOf(env: Env, { prefix, client }: Omit<SettingTexts, 'bestand'>) {
  const [id, secret] = [`${prefix}CLIENT_ID`, `${prefix}CLIENT_SECRET`]
  const { [id]: clientId = '', HUB_URL = 'http://127.0.0.1:3000' } = env
  const clientSecret = readSecret(env, secret) ?? ''
  const faults: string[] = []
  if (clientId === '') faults.push(`${id}: ${client}`)
  if (clientSecret === '') faults.push(`${secret} of ${secret}_FILE: het geheim van die client`)
  return { sender: { hubUrl: HUB_URL.replace(/\/$/, ''), clientId, clientSecret }, faults }
}

function requireNone(faults: readonly string[]): void {
  if (faults.length > 0) throw new Error(`Er ontbreekt nog:\n- ${faults.join('\n- ')}`)
}

/** A secret from the environment, or from the file that `<name>_FILE` names. */
export function readSecret(env: Env, name: string): string | undefined {
  const path = env[`${name}_FILE`]
  return path ? readFileSync(path, 'utf8').trim() : env[name]
}
