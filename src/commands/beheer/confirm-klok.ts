import { isRealDate } from '../../time.ts'
import { withSweeper } from './with-sweeper.ts'

/**
 * Has the hub believe its clock after it stood still for long, or its clock was wrong: somebody says what day it is, and
 * the clock must say the same. Rejects when it does not.
 */
export async function confirmKlok(env: NodeJS.ProcessEnv, dag: string | undefined): Promise<void> {
  if (dag === undefined || !isRealDate(dag)) {
    throw new Error('Zeg welke dag het is, zoals een andere klok die geeft: klok bevestigen 2026-11-25')
  }
  await withSweeper(env, (sweeper) => sweeper.keys().confirmTime(dag))
  console.log(`Het is ${dag}: de hub vernietigt wat op of voor die dag vervalt.`)
}
