import { runCommand } from './system/failure.ts'
import { main } from './start.ts'

await runCommand(() => main('dev'))
