import { parentPort, workerData } from 'node:worker_threads'
import { Database } from './database.ts'
import { isSound } from './inspect.ts'

/** Tells whether the pages of a file fit together. */
const db = new Database(String(workerData), { readOnly: true })
const isGood = isSound(db)
db.close()
parentPort?.postMessage(isGood)
