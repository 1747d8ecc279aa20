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
  { bestand, prefix, client }: SettingTexts
): Sender & { readonly file: string } {
  const faults: string[] = []
  const need = (value: string | undefined, text: string) => {
    if (!value) faults.push(text)
    return value ?? ''
  }
  const id = `${prefix}CLIENT_ID`
  const secret = `${prefix}CLIENT_SECRET`
  const settings = {
    file: need(file, `bestand: ${bestand}`),
    hubUrl: (env.HUB_URL ?? 'http://127.0.0.1:3000').replace(/\/$/, ''),
    clientId: need(env[id], `${id}: ${client}`),
    clientSecret: need(readSecret(env, secret), `${secret} of ${secret}_FILE: het geheim van die client`)
  }
  if (settings.file && !existsSync(settings.file)) faults.push('bestand: dit bestand bestaat niet')
  if (faults.length > 0) throw new Error(`Er ontbreekt nog:\n- ${faults.join('\n- ')}`)
  return settings
}

function readSecret(env: Env, name: string): string | undefined {
  const path = env[`${name}_FILE`]
  return path ? readFileSync(path, 'utf8').trim() : env[name]
}
