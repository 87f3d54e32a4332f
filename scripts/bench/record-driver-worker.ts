import { parentPort } from 'node:worker_threads'

import { Connection, type Reply } from './record-client.ts'
import { COUNTER, CLIENT, type Job, type JobResult, type Template, VERSION } from './record-driver.ts'

/** One of the clients of a job: its connection, and the versions of the resources that only it changes. */
class Client {
  readonly #connection: Connection
  readonly #number: string
  readonly #versions = new Map<string, string>()

  private constructor(connection: Connection, number: number) {
    this.#connection = connection
    this.#number = String(number).padStart(CLIENT.length, '0')
  }

  static async open(job: Job, number: number): Promise<Client> {
    const client = new Client(await Connection.open(new URL(job.url)), number)
    for (const { versionOf } of job.requests) {
      if (versionOf === undefined || client.#versions.has(versionOf)) continue
      const reply = await client.#connection.request(versionOf.replaceAll(CLIENT, client.#number))
      client.#learn(versionOf, reply)
    }
    return client
  }

  async send(template: Template, bytes: Buffer, counter: number, keeps: boolean): Promise<Reply> {
    const { versionOf, text, isChanging } = template
    if (isChanging !== true) return this.#connection.request(bytes, keeps)
    const filled = text
      .replaceAll(COUNTER, String(counter).padStart(COUNTER.length, '0'))
      .replaceAll(CLIENT, this.#number)
      .replaceAll(VERSION, this.#versions.get(versionOf ?? '') ?? '')
    const reply = await this.#connection.request(filled, keeps)
    if (versionOf !== undefined) this.#learn(versionOf, reply)
    return reply
  }

  #learn(key: string, { head }: Reply): void {
    const etag = /\r\netag: *([^\r]+)/i.exec(head)?.[1]
    if (etag !== undefined) this.#versions.set(key, etag)
  }

  close(): void {
    this.#connection.close()
  }
}

const startedMs = Date.now()
let counter = startedMs % 1_000_000_000

async function run(job: Job): Promise<JobResult> {
  const clients = await Promise.all(Array.from({ length: job.clients }, (_one, at) => Client.open(job, at)))
  const bytes = job.requests.map(({ text }) => Buffer.from(text))
  const result: JobResult = { ms: [], seconds: 0, failed: {}, kept: [], isCutOff: false }
  const startedAt = performance.now()
  const endsAt = job.durationMs === undefined ? Number.POSITIVE_INFINITY : startedAt + job.durationMs
  let next = 0
  const work = async (client: Client) => {
    while (next < (job.count ?? Number.POSITIVE_INFINITY) && performance.now() < endsAt) {
      const at = (job.from + next) % job.requests.length
      const template = job.requests[at]
      if (template === undefined) return
      next += 1
      counter += 1
      const sentAt = performance.now()
      const reply = await client.send(template, bytes[at] ?? Buffer.alloc(0), counter, job.keeps === 'body')
      result.ms.push(performance.now() - sentAt)
      if (reply.status >= 400) result.failed[reply.status] = (result.failed[reply.status] ?? 0) + 1
      else if (job.keeps === 'body') result.kept.push(reply.body)
      else if (job.keeps === 'location')
        result.kept.push(/\r\nlocation: *([^\r]+)/i.exec(reply.head)?.[1] ?? '')
    }
  }
  await Promise.all(
    clients.map((client) =>
      work(client).catch(() => {
        result.isCutOff = true
      }),
    ),
  )
  result.seconds = (performance.now() - startedAt) / 1000
  for (const client of clients) client.close()
  return result
}

parentPort?.on('message', ({ number, job }: { number: number; job: Job }) => {
  run(job).then(
    (result) => parentPort?.postMessage({ number, result }),
    (error: unknown) =>
      parentPort?.postMessage({ number, problem: error instanceof Error ? error.message : 'unknown' }),
  )
})
