import pg from 'pg'
import { withConnection } from '../../src/platform/database/open-database.ts'

/** A statement as PostgreSQL carried it out: how many rows it gave and how many blocks it read, cached or not. */
export type CarriedOut = {
  readonly text: string
  readonly rows: number
  readonly blocks: number
  /** The nodes of its plan, one a line. */
  readonly plan: string
}

type PlanNode = {
  readonly 'Node Type': string
  readonly 'Relation Name'?: string
  readonly 'Index Name'?: string
  readonly 'CTE Name'?: string
  readonly 'Subplan Name'?: string
  readonly 'Actual Rows': number
  readonly 'Actual Loops': number
  readonly 'Shared Hit Blocks': number
  readonly 'Shared Read Blocks': number
  readonly Plans?: readonly PlanNode[]
}

// Reported to the client itself, because another process reads the log of the server.
const settings = {
  session_preload_libraries: 'auto_explain',
  client_min_messages: 'log',
  'auto_explain.log_min_duration': '0',
  'auto_explain.log_analyze': 'on',
  'auto_explain.log_buffers': 'on',
  'auto_explain.log_timing': 'off',
  'auto_explain.log_format': 'json'
}

let listener: ((carriedOut: CarriedOut) => void) | undefined

/** Has PostgreSQL report each statement on connections opened after this: with the plan that really ran, kept or not. */
export async function reportStatements(adminUrl: string): Promise<void> {
  const name = new URL(adminUrl).pathname.slice(1)
  await withConnection(adminUrl, async (client) => {
    await client.query(`load 'auto_explain'`)
    for (const [setting, value] of Object.entries(settings))
      await client.query(`alter database ${name} set ${setting} = '${value}'`)
  })
  listenOnce()
}

/** Runs `work` and returns the statements that were reported meanwhile. One at a time. */
export async function watchStatements(work: () => Promise<unknown>): Promise<CarriedOut[]> {
  const found: CarriedOut[] = []
  listener = (carriedOut) => void found.push(carriedOut)
  await work()
  listener = undefined
  return found
}

/** The number of blocks that statements read together. */
export function blocksOf(statements: readonly CarriedOut[]): number {
  return statements.reduce((sum, { blocks }) => sum + blocks, 0)
}

let isListening = false

// The pool of the hub is out of reach, so its notices are taken from where every client gives them.
function listenOnce(): void {
  if (isListening) return
  isListening = true
  const { emit } = pg.Client.prototype
  pg.Client.prototype.emit = function (this: pg.Client, event: string | symbol, ...args: unknown[]) {
    const message = event === 'notice' ? String((args[0] as Error).message) : ''
    const start = message.indexOf('plan:\n')
    if (start >= 0) listener?.(read(JSON.parse(message.slice(start + 'plan:\n'.length))))
    return emit.call(this, event, ...args)
  }
}

function read({ 'Query Text': text, Plan: plan }: { 'Query Text': string; Plan: PlanNode }): CarriedOut {
  return { text, rows: plan['Actual Rows'], blocks: blocksIn(plan), plan: write(plan) }
}

// A node counts what those below it read while it ran. A change in a `with` that nobody reads runs after all others.
function blocksIn(plan: PlanNode): number {
  const nodes = allIn(plan)
  const used = new Set(nodes.map((node) => `CTE ${node['CTE Name']}`))
  const unread = nodes.filter(
    (node) => node['Subplan Name']?.startsWith('CTE ') && !used.has(node['Subplan Name'])
  )
  return [plan, ...unread].reduce((sum, node) => sum + total(node), 0)
}

function allIn(node: PlanNode): PlanNode[] {
  return [node, ...(node.Plans ?? []).flatMap(allIn)]
}

function total(node: PlanNode): number {
  return node['Shared Hit Blocks'] + node['Shared Read Blocks']
}

function write(node: PlanNode, depth = 0): string {
  const where = node['Index Name'] ?? node['Relation Name'] ?? ''
  const size = `rows=${node['Actual Rows']} loops=${node['Actual Loops']} blocks=${total(node)}`
  const line = `${'  '.repeat(depth)}${node['Node Type']} ${where} ${size}`
  return [line, ...(node.Plans ?? []).map((child) => write(child, depth + 1))].join('\n')
}
