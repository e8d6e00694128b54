using CsCheck;
using Tunnel.Protocol.Configuration;

namespace Tunnel.Protocol.Tests.Configuration;

public class TunnelConfigurationRoundTripTests
{
    [Fact]
    public void A_file_that_is_written_is_read_back() =>
        ConfigurationGen.File.Sample(
            configuration => TunnelConfiguration.ParseYaml(configuration.ToYaml()).Equals(configuration),
            print: configuration => configuration.ToYaml(),
            iter: 1_000);

    [Fact]
    public void A_report_that_is_written_is_read_back() =>
        ConfigurationGen.Report.Sample(
            configuration => TunnelConfiguration.ParseJson(configuration.ToJson()).Equals(configuration), iter: 1_000);

    [Fact]
    public void A_push_that_is_written_is_read_back() =>
        Gen.Select(Gen.Int[0, int.MaxValue], ConfigurationGen.Report).Sample(
            (version, configuration) =>
            {
                var update = new ConfigurationUpdate(version, configuration);
                return ConfigurationUpdate.Parse(update.ToJson()) == update;
            },
            iter: 300);

    [Fact]
    public void An_answer_that_is_written_is_read_back() =>
        Gen.Select(Gen.Int[-1, int.MaxValue], Gen.String.Null()).Sample(
            (version, error) =>
            {
                var result = new ConfigurationUpdateResult(version, error);
                return ConfigurationUpdateResult.Parse(result.ToJson()) == result;
            },
            iter: 1_000);
}
