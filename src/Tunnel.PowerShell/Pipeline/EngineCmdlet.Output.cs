using System.Management.Automation;

namespace Tunnel.PowerShell.Pipeline;

/// <content>
/// What a cmdlet tells PowerShell. Each of these may run other people's code on this thread (the rest of the pipeline, a
/// host that asks), so each is called outside the context that the cmdlet awaits in.
/// </content>
public abstract partial class EngineCmdlet
{
    public new void WriteObject(object? sendToPipeline) =>
        PipelineThread.Outside(() => base.WriteObject(sendToPipeline));

    public new void WriteObject(object? sendToPipeline, bool enumerateCollection) =>
        PipelineThread.Outside(() => base.WriteObject(sendToPipeline, enumerateCollection));

    public new void WriteError(ErrorRecord errorRecord) => PipelineThread.Outside(() => base.WriteError(errorRecord));

    public new void WriteWarning(string text) => PipelineThread.Outside(() => base.WriteWarning(text));

    public new void WriteVerbose(string text) => PipelineThread.Outside(() => base.WriteVerbose(text));

    public new void WriteDebug(string text) => PipelineThread.Outside(() => base.WriteDebug(text));

    public new void WriteProgress(ProgressRecord progressRecord) =>
        PipelineThread.Outside(() => base.WriteProgress(progressRecord));

    public new void WriteInformation(object messageData, string[] tags) =>
        PipelineThread.Outside(() => base.WriteInformation(messageData, tags));

    public new bool ShouldProcess(string? target) => PipelineThread.Outside(() => base.ShouldProcess(target));

    public new bool ShouldProcess(string? target, string action) =>
        PipelineThread.Outside(() => base.ShouldProcess(target, action));

    public new bool ShouldProcess(string verboseDescription, string verboseWarning, string caption) =>
        PipelineThread.Outside(() => base.ShouldProcess(verboseDescription, verboseWarning, caption));

    /// <summary>For what is less grave than the worst that the cmdlet does: asks only who wants to be asked about such a thing.</summary>
    public bool ShouldProcess(string? target, string action, ConfirmImpact impact)
    {
        if (Wants("WhatIf") || Wants("Confirm") || GetVariableValue("WhatIfPreference") is true
            || (GetVariableValue("ConfirmPreference") is ConfirmImpact preference && preference != ConfirmImpact.None && preference <= impact))
        {
            return ShouldProcess(target, action);
        }

        WriteVerbose($"Performing the operation \"{action}\" on target \"{target}\".");
        return true;

        bool Wants(string name) => MyInvocation.BoundParameters.ContainsKey(name);
    }

    public new bool ShouldContinue(string query, string caption) =>
        PipelineThread.Outside(() => base.ShouldContinue(query, caption));
}
