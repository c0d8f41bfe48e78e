using BenchmarkDotNet.Running;
using DbProxy.Benchmarks.Idle;

if (args is ["idle", .. var rest])
{
    return await IdleClients.RunAsync(rest);
}

BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
