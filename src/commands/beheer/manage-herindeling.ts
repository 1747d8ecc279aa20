import { parseArgs } from 'node:util'
import { type Herindeling, listHerindelingen } from '../../organisaties/herindelingen/herindeling-store.ts'
import { planHerindeling, withdrawHerindeling } from '../../organisaties/herindelingen/plan-herindeling.ts'
import type { Tx } from '../../platform/database/open-database.ts'
import { withSweeper } from './with-sweeper.ts'

/**
 * Plans that municipalities merge into another one on a day to come; a running hub carries it out on that day. Planned again,
 * nothing happens. Rejects, with all that is wrong, and plans nothing then.
 */
export async function planHerindelingen(env: NodeJS.ProcessEnv, ...args: string[]): Promise<void> {
  const { values, positionals: van } = parseArgs({
    args,
    allowPositionals: true,
    options: { naar: { type: 'string', default: '' }, datum: { type: 'string', default: '' } }
  })
  const { naar, datum } = values
  const fresh = await asBeheer(env, (tx, now) => planHerindeling(tx, { van, naar, datum }, now))
  if (fresh.length === 0) console.log('Deze herindeling was al zo gepland; er is niets te doen.')
  else console.log(`Gepland              ${fresh.join(', ')} gaat op ${datum} op in ${naar}`)
}

/** Shows the re-divisions that are planned, and those that were carried out. */
export async function showHerindelingen(env: NodeJS.ProcessEnv): Promise<void> {
  const herindelingen = await asBeheer(env, listHerindelingen)
  if (herindelingen.length === 0) console.log('Er is geen herindeling gepland of uitgevoerd.')
  for (const one of herindelingen) console.log(describe(one))
}

/** Withdraws planned re-divisions; rejects once their day has come. */
export async function withdrawHerindelingen(env: NodeJS.ProcessEnv, ...van: string[]): Promise<void> {
  if (van.length === 0) throw new Error('Noem de gemeenten waarvan de herindeling niet doorgaat.')
  const gone = await asBeheer(env, (tx, now) => withdrawHerindeling(tx, van, now))
  if (gone.length === 0) console.log('Van deze gemeenten is geen herindeling gepland; er is niets te doen.')
  else console.log(`Ingetrokken          ${gone.toSorted().join(', ')}`)
}

function asBeheer<Result>(
  env: NodeJS.ProcessEnv,
  work: (tx: Tx, now: Date) => Promise<Result>
): Promise<Result> {
  return withSweeper(env, ({ database, clock }) => database.as({ duty: 'beheer' }, (tx) => work(tx, clock())))
}

function describe({ van, naar, datum, opvolger, uitgevoerdOp }: Herindeling): string {
  const stand = uitgevoerdOp === null ? 'gepland' : `uitgevoerd ${uitgevoerdOp.toISOString()}`
  const later = opvolger === naar ? '' : `, nu ${opvolger}`
  return `${datum}           ${van} gaat op in ${naar}${later} (${stand})`
}
