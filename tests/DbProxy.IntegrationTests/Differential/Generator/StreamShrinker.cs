namespace DbProxy.IntegrationTests.Differential.Generator;

/// <summary>Delta debugging: leaves out ever smaller parts of a stream, as long as what is left still shows a difference.</summary>
internal static class StreamShrinker
{
    /// <param name="items">A stream that differs, up to the command that does; each item stays whole.</param>
    /// <param name="differs">Whether a stream still differs.</param>
    /// <param name="tries">How many streams may be played.</param>
    public static async Task<List<T>> ShrinkAsync<T>(List<T> items, Func<List<T>, Task<bool>> differs, int tries)
    {
        for (int size = Math.Max(items.Count / 2, 1); ;)
        {
            bool smaller = false;
            for (int start = 0; start < items.Count && tries > 0;)
            {
                List<T> candidate = [.. items.Take(start), .. items.Skip(start + size)];
                tries--;
                if (candidate.Count > 0 && await differs(candidate))
                {
                    items = candidate;
                    smaller = true;
                }
                else
                {
                    start += size;
                }
            }

            if (tries <= 0 || (size == 1 && !smaller))
            {
                return items;
            }

            size = Math.Max(size / 2, 1);
        }
    }
}
