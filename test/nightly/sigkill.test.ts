process.env.KILL_ROUNDS ??= '500';
await import('../e2e/sigkill.test.ts');
