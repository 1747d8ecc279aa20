import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Whether the hub may send to an address. Plain http is for networks that were allowed by name only. */
export type AddressGuard = (address: string, isPlain: boolean) => boolean

// Everything else in IPv6 is a network of somebody's own, or another way to write an address of IPv4.
const globalUnicast = ipaddr.parseCIDR('2000::/3') as [ipaddr.IPv6, number]

/**
 * Opens a guard that lets public addresses through, and those in `networks` (CIDR, or one address). An IPv4 address that is
 * written as one of IPv6 is judged as what it is; any special range is refused, known by name or not.
 */
export function openAddressGuard(networks: readonly string[]): AddressGuard {
  const allowed = networks.map((network) =>
    network.includes('/') ? ipaddr.parseCIDR(network) : singleOf(network)
  )
  return (text, isPlain) => {
    // A zone names an interface of this machine. The library takes shorthand that no socket does.
    if (isIP(text) === 0 || text.includes('%')) return false
    const address = ipaddr.process(text)
    if (allowed.some((network) => isWithin(address, network))) return true
    return !isPlain && isPublic(address)
  }
}

type Address = ReturnType<typeof ipaddr.process>
type Network = ReturnType<typeof ipaddr.parseCIDR>

function singleOf(address: string): Network {
  const parsed = ipaddr.process(address)
  return [parsed, parsed.kind() === 'ipv4' ? 32 : 128] as Network
}

function isWithin(address: Address, [network, bits]: Network): boolean {
  return address.kind() === network.kind() && address.match(network as never, bits)
}

function isPublic(address: Address): boolean {
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || isWithin(address, globalUnicast)
}
