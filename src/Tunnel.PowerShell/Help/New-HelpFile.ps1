#Requires -Version 7.6
<#
.SYNOPSIS
    Writes en-US/Tunnel.PowerShell.dll-Help.xml from the XML documentation of the cmdlet classes.
.DESCRIPTION
    The classes' documentation comments are the one source of the help: <summary> is the synopsis, the <para>s of
    <remarks> the description, each <example> has a <para> as its title, a <code> and further <para>s as remarks, and a
    property's <summary> describes the parameter. Parameter sets, types and defaults come from the module itself.
    The format is MAML (PSMAML schema, "How to create the cmdlet help file").
#>
[CmdletBinding()]
param(
    [string] $ModuleManifest = "$PSScriptRoot/../../../Tunnel.psd1",
    [string] $HelpFile = "$PSScriptRoot/../../../en-US/Tunnel.PowerShell.dll-Help.xml"
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'

$maml = 'http://schemas.microsoft.com/maml/2004/10'
$command = 'http://schemas.microsoft.com/maml/dev/command/2004/10'
$dev = 'http://schemas.microsoft.com/maml/dev/2004/10'

$module = Import-Module ([IO.Path]::GetFullPath($ModuleManifest)) -PassThru -DisableNameChecking
$cmdlets = @($module.ExportedCmdlets.Values | ForEach-Object { $_ })
if (-not $cmdlets) { throw "$ModuleManifest exports no cmdlets." }

$documentation = @{}
$xml = [xml] [IO.File]::ReadAllText([IO.Path]::ChangeExtension($cmdlets[0].ImplementingType.Assembly.Location, '.xml'))
foreach ($member in $xml.doc.members.GetElementsByTagName('member')) { $documentation[$member.GetAttribute('name')] = $member }

# The text of a documentation element; references become their last name, white space becomes single spaces.
function Get-Text([Xml.XmlNode] $node) {
    if (-not $node) { return '' }
    $text = [Text.StringBuilder]::new()
    foreach ($child in $node.ChildNodes) {
        switch ($child.LocalName) {
            { $_ -in 'see', 'paramref', 'seealso' } {
                $name = $child.GetAttribute('cref') + $child.GetAttribute('langword') + $child.GetAttribute('href') + $child.GetAttribute('name')
                [void] $text.Append(($name -replace '^[A-Z]:([^(]*\.)?', ''))
            }
            '#text' { [void] $text.Append($child.Value) }
            default { [void] $text.Append((Get-Text $child)) }
        }
    }
    ($text.ToString() -replace '\s+', ' ').Trim()
}

# A code block keeps its lines and loses the indentation that it has in the source.
function Get-Code([Xml.XmlNode] $node) {
    $lines = @($node.InnerText.Trim("`r", "`n") -split "`r?`n" | ForEach-Object { $_.TrimEnd() })
    $indent = ($lines | Where-Object { $_ } | ForEach-Object { $_.Length - $_.TrimStart().Length } | Sort-Number)[0]
    ($lines | ForEach-Object { $_.Length -ge $indent ? $_.Substring($indent) : $_ }) -join "`n"
}

function Sort-Number {
    $numbers = [int[]] @($input)
    [Array]::Sort($numbers)
    , $numbers
}

function Get-Member([string] $id, [string] $element) {
    $member = $documentation[$id]
    if ($member) { $member.SelectSingleNode($element) }
}

function Get-ParameterText($type, [string] $name) {
    for ($declaring = $type; $declaring; $declaring = $declaring.BaseType) {
        $node = Get-Member "P:$($declaring.FullName).$name" 'summary'
        if ($node) { return Get-Text $node }
    }
    ''
}

function Write-Para($writer, [string[]] $paragraphs) {
    foreach ($paragraph in $paragraphs) { $writer.WriteElementString('maml', 'para', $maml, $paragraph) }
}

function Write-TypeName($writer, [string] $element, [string] $name) {
    $writer.WriteStartElement('command', $element, $command)
    $writer.WriteStartElement('dev', 'type', $dev)
    $writer.WriteElementString('maml', 'name', $maml, $name)
    $writer.WriteEndElement()
    $writer.WriteEndElement()
}

function Write-Parameter($writer, $parameter, [string] $text) {
    $writer.WriteStartElement('command', 'parameter', $command)
    $pipeline = @(
        if ($parameter.ValueFromPipeline) { 'ByValue' }
        if ($parameter.ValueFromPipelineByPropertyName) { 'ByPropertyName' }
    )
    $writer.WriteAttributeString('required', "$($parameter.IsMandatory)".ToLowerInvariant())
    $writer.WriteAttributeString('variableLength', 'false')
    $writer.WriteAttributeString('globbing', 'false')
    $writer.WriteAttributeString('pipelineInput', ($pipeline ? "True ($($pipeline -join ', '))" : 'False'))
    $writer.WriteAttributeString('position', ($parameter.Position -ge 0 ? "$($parameter.Position)" : 'named'))
    $writer.WriteAttributeString('aliases', ($parameter.Aliases ? $parameter.Aliases -join ', ' : 'none'))
    $writer.WriteElementString('maml', 'name', $maml, $parameter.Name)
    $writer.WriteStartElement('maml', 'description', $maml)
    Write-Para $writer $text
    $writer.WriteEndElement()
    $typeName = $parameter.ParameterType.Name -replace '`1$', ''
    if ($parameter.ParameterType -ne [switch]) {
        $writer.WriteStartElement('command', 'parameterValue', $command)
        $writer.WriteAttributeString('required', 'true')
        $writer.WriteString($typeName)
        $writer.WriteEndElement()
    }
    Write-TypeName $writer 'parameterValueType' $typeName
    $writer.WriteEndElement()
}

$common = @([Management.Automation.Cmdlet]::CommonParameters) + [Management.Automation.Cmdlet]::OptionalCommonParameters
$settings = [Xml.XmlWriterSettings]::new()
$settings.Indent = $true
$settings.Encoding = [Text.UTF8Encoding]::new($false)
[void] [IO.Directory]::CreateDirectory([IO.Path]::GetDirectoryName([IO.Path]::GetFullPath($HelpFile)))
$writer = [Xml.XmlWriter]::Create([IO.Path]::GetFullPath($HelpFile), $settings)
try {
    $writer.WriteStartElement('helpItems')
    $writer.WriteAttributeString('schema', 'maml')
    foreach ($cmdlet in $cmdlets) {
        $type = $cmdlet.ImplementingType
        $id = "T:$($type.FullName)"
        $synopsis = Get-Text (Get-Member $id 'summary')
        $remarks = Get-Member $id 'remarks'
        $description = @($remarks ? ($remarks.SelectNodes('para') | ForEach-Object { Get-Text $_ }) : @())
        if ($remarks -and -not $description) { $description = @(Get-Text $remarks) }

        $writer.WriteStartElement('command', 'command', $command)
        $writer.WriteAttributeString('xmlns', 'maml', $null, $maml)
        $writer.WriteAttributeString('xmlns', 'dev', $null, $dev)

        $writer.WriteStartElement('command', 'details', $command)
        $writer.WriteElementString('command', 'name', $command, $cmdlet.Name)
        $writer.WriteElementString('command', 'verb', $command, $cmdlet.Verb)
        $writer.WriteElementString('command', 'noun', $command, $cmdlet.Noun)
        $writer.WriteStartElement('maml', 'description', $maml)
        Write-Para $writer $synopsis
        $writer.WriteEndElement()
        $writer.WriteEndElement()

        $writer.WriteStartElement('maml', 'description', $maml)
        Write-Para $writer $description
        $writer.WriteEndElement()

        $writer.WriteStartElement('command', 'syntax', $command)
        $all = [ordered] @{}
        foreach ($set in $cmdlet.ParameterSets) {
            $writer.WriteStartElement('command', 'syntaxItem', $command)
            $writer.WriteElementString('maml', 'name', $maml, $cmdlet.Name)
            foreach ($parameter in $set.Parameters) {
                if ($parameter.Name -in $common -and $parameter.Name -notin 'WhatIf', 'Confirm') { continue }
                $text = switch ($parameter.Name) {
                    'WhatIf' { 'Says what would be done, and does nothing.' }
                    'Confirm' { 'Asks before anything is done.' }
                    default { Get-ParameterText $type $parameter.Name }
                }
                Write-Parameter $writer $parameter $text
                if (-not $all.Contains($parameter.Name)) { $all[$parameter.Name] = @($parameter, $text) }
            }
            $writer.WriteEndElement()
        }
        $writer.WriteEndElement()

        $writer.WriteStartElement('command', 'parameters', $command)
        foreach ($entry in $all.Values) { Write-Parameter $writer $entry[0] $entry[1] }
        $writer.WriteEndElement()

        $writer.WriteStartElement('command', 'returnValues', $command)
        foreach ($output in $cmdlet.OutputType) { Write-TypeName $writer 'returnValue' $output.Name }
        $writer.WriteEndElement()

        $writer.WriteStartElement('command', 'examples', $command)
        $number = 0
        $examples = $documentation[$id] ? $documentation[$id].SelectNodes('example') : @()
        foreach ($example in $examples) {
            $number++
            $paragraphs = @($example.SelectNodes('para') | ForEach-Object { Get-Text $_ })
            $title = $paragraphs ? $paragraphs[0] : ''
            $writer.WriteStartElement('command', 'example', $command)
            $writer.WriteElementString('maml', 'title', $maml, "Example ${number}: $title")
            $writer.WriteElementString('dev', 'code', $dev, (Get-Code $example.SelectSingleNode('code')))
            $writer.WriteStartElement('dev', 'remarks', $dev)
            if ($paragraphs.Count -gt 1) { Write-Para $writer $paragraphs[1..($paragraphs.Count - 1)] }
            $writer.WriteEndElement()
            $writer.WriteEndElement()
        }
        $writer.WriteEndElement()
        $writer.WriteEndElement()
    }
    $writer.WriteEndElement()
}
finally {
    $writer.Dispose()
}
