import fc from 'fast-check'

// The gate asks the same questions each time: a rare failure that is older than a change must not refuse the change.
// Tests run in their own workspace draw new examples at each run.
fc.configureGlobal({ seed: 20_261_122 })
