import { checkRestored } from '../../vernietiging/check-restored.ts'
import { withSweeper } from './with-sweeper.ts'

/**
 * Does with restored rows what a hub does before it serves, and says what is in them; rejects when anything in them cannot
 * be opened, or should have been destroyed and is there.
 */
export async function checkHerstel(env: NodeJS.ProcessEnv): Promise<void> {
  const verslag = await withSweeper(env, checkRestored)
  console.log(`Opnieuw vernietigd   ${verslag.herhaald} (waren voor hun dag vernietigd)`)
  console.log(`Vernietigd           ${verslag.verlopen} (hun termijn is voorbij)`)
  console.log(`Leesbaar             ${verslag.leesbaar}`)
  console.log(`Onleesbaar           ${verslag.onleesbaar}`)
  console.log(`Achtergebleven       ${verslag.achtergebleven}`)
  if (verslag.onleesbaar + verslag.achtergebleven > 0) {
    throw new Error('De teruggezette rijen zijn niet in orde: zie de aantallen hierboven.')
  }
  console.log('De teruggezette rijen zijn in orde.')
}
