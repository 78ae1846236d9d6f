// Preloaded into a measured server: answers each message of the parent with the CPU time used so far, all threads
// together, and ends with the parent.
process.on('message', () => {
  const { user, system } = process.cpuUsage();
  process.send?.({ cpuMicroseconds: user + system });
});

process.on('disconnect', () => {
  process.exit();
});
