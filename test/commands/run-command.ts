import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

/** Runs a command of the hub with these settings and, apart from PATH, no other environment. */
export function runCommand(
  name: 'aanleveren' | 'beheer',
  args: readonly string[],
  settings: Record<string, string>
): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = fileURLToPath(new URL(`../../src/commands/${name}.ts`, import.meta.url))
  const { PATH = '' } = process.env
  return new Promise((resolve) => {
    const child = execFile(
      process.execPath,
      [command, ...args],
      { env: { PATH, ...settings } },
      (_, stdout, stderr) => resolve({ code: child.exitCode ?? -1, stdout, stderr })
    )
  })
}
