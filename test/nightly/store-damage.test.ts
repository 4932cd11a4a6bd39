process.env.STORE_DAMAGES ??= '200';
await import('../conformance/store-damage.test.ts');
