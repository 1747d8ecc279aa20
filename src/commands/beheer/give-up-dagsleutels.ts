import { withSweeper } from './with-sweeper.ts'

/** Gives up the data keys that the key database lost, so that their days get new ones; says which days. */
export async function giveUpDagsleutels(env: NodeJS.ProcessEnv): Promise<void> {
  const days = await withSweeper(env, (sweeper) => sweeper.keys().giveUpLost())
  if (days.length === 0) {
    console.log('Er is geen dagsleutel verloren.')
    return
  }
  console.log(`Opgegeven            ${days.length} dagen: ${days.join(', ')}`)
  console.log(
    'Wat daarmee versleuteld was, is niet meer te lezen en verdwijnt op zijn dag. Laat partners het opnieuw sturen.'
  )
}
