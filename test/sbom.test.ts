import { execFile } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'

const root = new URL('..', import.meta.url)

t.test(
  'npm run sbom names in CycloneDX each package that the hub runs on, and marks those it is only made with',
  async (t) => {
    const manifest = JSON.parse(await readFile(new URL('package.json', root), 'utf8'))
    const { packages } = JSON.parse(await readFile(new URL('package-lock.json', root), 'utf8'))
    const { stdout } = await promisify(execFile)('npm', ['run', '-s', 'sbom'], {
      cwd: fileURLToPath(root),
      maxBuffer: 64 * 1024 * 1024
    })
    const { bomFormat, metadata, components } = JSON.parse(stdout)
    t.equal(bomFormat, 'CycloneDX')
    t.equal(metadata.component.purl, `pkg:npm/${manifest.name}@${manifest.version}`)
    const find = (name: string) => {
      const { version } = packages[`node_modules/${name}`]
      return components.find(
        ({ purl }: Component) => decodeURIComponent(purl) === `pkg:npm/${name}@${version}`
      )
    }
    for (const name of Object.keys(manifest.dependencies)) {
      const found: Component | undefined = find(name)
      t.ok(found, name)
      t.notOk(isDevelopment(found), `${name} is no package for development`)
      t.ok(found?.hashes?.length, `${name} has a hash`)
      t.ok(found?.licenses?.length, `${name} has a licence`)
    }
    // One that the hub's own packages need as well is none for development.
    for (const name of Object.keys(manifest.devDependencies)) {
      t.equal(isDevelopment(find(name)), packages[`node_modules/${name}`].dev === true, name)
    }
    t.ok(isDevelopment(find('tap')))
  }
)

type Component = {
  purl: string
  hashes?: object[]
  licenses?: object[]
  properties?: { name: string; value: string }[]
}

function isDevelopment(component: Component | undefined): boolean {
  return component?.properties?.some(({ name }) => name === 'cdx:npm:package:development') ?? false
}
