import { createServer } from 'node:net'

import { Failure } from './failure.ts'

function listen(port: number): Promise<{ port: number; close: () => Promise<void> }> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address()
      const close = () => new Promise<void>((closed) => server.close(() => closed()))
      resolve({ port: typeof address === 'object' && address ? address.port : port, close })
    })
  })
}

/** Free loopback ports, all different. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = await Promise.all(Array.from({ length: count }, () => listen(0)))
  await Promise.all(servers.map((server) => server.close()))
  return servers.map((server) => server.port)
}

/** Fails with a sentence when the public port cannot be used. */
export async function requirePort(port: number): Promise<void> {
  try {
    const server = await listen(port)
    await server.close()
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    throw new Failure(
      code === 'EACCES'
        ? `Port ${port} needs special rights on this computer. Choose a higher one: PORT=3100 npm start`
        : `Port ${port} is taken by another program. Stop that program, or choose another port: PORT=${port + 100} npm start`,
    )
  }
}
