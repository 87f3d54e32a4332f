import { createServer } from 'node:http'
import { DatabaseSync } from 'node:sqlite'

/** What any server on this machine would take at least: bare `node:http` and one prepared SELECT on the same resources. */
const [file = '', port = ''] = process.argv.slice(2)
const db = new DatabaseSync(file, { readOnly: true })
db.exec('PRAGMA mmap_size = 1073741824')
const select = db.prepare('SELECT body FROM resource WHERE type = ? AND id = ?')
createServer({ keepAliveTimeout: 65_000 }, (request, response) => {
  const [, type = '', id = ''] = (request.url ?? '').split('/')
  const bytes = Buffer.from(String(select.get(type, id)?.['body'] ?? ''))
  response.writeHead(bytes.length > 0 ? 200 : 404, {
    'content-type': 'application/fhir+json',
    'content-length': bytes.length,
  })
  response.end(bytes)
}).listen(Number(port), '127.0.0.1')
