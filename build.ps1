#Requires -Version 7.6
<#
.SYNOPSIS
    Builds Tunnel from a checkout, tries it, tests it.
.DESCRIPTION
    Runs in pwsh 7.6 and in src/Tunnel.Shell, which has the engine's cmdlets only: hence the language, .NET and native
    commands, and nothing of Microsoft.PowerShell.Utility or Management.

    Build       the solution (Release), the module in bin/, the agent as a native program, the help.
    Quickstart  Build, then src/runbooks/quickstart.ps1: ssh through an embedded edge on this machine.
    Test        Build, every test of the solution, and the Pester files where pwsh and Pester are there.
    Bench       Build, then the benchmarks; further arguments go to them.
    Clean       removes everything that a build wrote.
.EXAMPLE
    ./build.ps1 Test
.EXAMPLE
    dotnet run --project src/Tunnel.Shell -- ./build.ps1 Test
#>
[CmdletBinding()]
param(
    [Parameter(Position = 0)]
    [ValidateSet('Build', 'Quickstart', 'Test', 'Bench', 'Clean')]
    [string] $Task = 'Build',

    # What the benchmarks are given, e.g. a filter.
    [Parameter(Position = 1, ValueFromRemainingArguments)]
    [string[]] $Arguments = @()
)

Set-StrictMode -Version 3.0
$ErrorActionPreference = 'Stop'
$PSNativeCommandUseErrorActionPreference = $false
[Environment]::SetEnvironmentVariable('DOTNET_NOLOGO', '1')
[Environment]::SetEnvironmentVariable('DOTNET_CLI_TELEMETRY_OPTOUT', '1')
# Build nodes end with the build: a build leaves no process that keeps files open.
[Environment]::SetEnvironmentVariable('MSBUILDDISABLENODEREUSE', '1')

$root = $PSScriptRoot
$bin = [IO.Path]::Combine($root, 'bin')
$testResults = [IO.Path]::Combine($root, 'TestResults')

function Say([string] $text) { $Host.UI.WriteLine($text) }

# A command whose output matters only when it fails.
function Invoke-Quietly([string] $what, [string] $program, [string[]] $programArguments) {
    Say "$what ..."
    $output = & $program @programArguments 2>&1
    if ($LASTEXITCODE -ne 0) {
        foreach ($line in $output) { Say "$line" }
        throw "$what failed: $program ended with $LASTEXITCODE."
    }
}

function Find-Program([string] $name) {
    $found = Get-Command -Name $name -CommandType Application -ErrorAction Ignore
    if ($found) { return @($found)[0].Source }
    # Where Debian puts daemons; not on an ordinary user's PATH.
    $daemon = "/usr/sbin/$name"
    if ([IO.File]::Exists($daemon)) { return $daemon }
}

# What each task needs from Debian, and how its presence shows.
$debianPackages = @(
    @{ Name = 'openssh-client'; For = 'Quickstart', 'Test', 'Bench'; IsThere = { Find-Program ssh } }
    @{ Name = 'openssh-server'; For = 'Quickstart', 'Test', 'Bench'; IsThere = { Find-Program sshd } }
    @{ Name = 'capnproto'; For = , 'Test'; IsThere = { Find-Program capnp } }
    @{ Name = 'libcapnp-dev'; For = , 'Test'; Optional = $true; IsThere = { [IO.File]::Exists('/usr/include/capnp/rpc.capnp') } }
    # Hosts of the tests' own, and what runs on them; without these the tests of the ingress lock are skipped.
    @{ Name = 'nftables'; For = , 'Test'; Optional = $true; IsThere = { Find-Program nft } }
    @{ Name = 'iproute2'; For = , 'Test'; Optional = $true; IsThere = { Find-Program ip } }
    @{ Name = 'socat'; For = , 'Test'; Optional = $true; IsThere = { Find-Program socat } }
    @{ Name = 'iputils-ping'; For = , 'Test'; Optional = $true; IsThere = { Find-Program ping } }
    @{ Name = 'dnsmasq-base'; For = , 'Test'; Optional = $true; IsThere = { Find-Program dnsmasq } }
    @{ Name = 'udhcpc'; For = , 'Test'; Optional = $true; IsThere = { Find-Program udhcpc } }
    @{ Name = 'radvd'; For = , 'Test'; Optional = $true; IsThere = { Find-Program radvd } }
    @{ Name = 'sudo'; For = , 'Test'; Optional = $true; IsThere = { Find-Program sudo } }
    # Tries the pages for people; without it their tests are skipped.
    @{ Name = 'chromium'; For = , 'Test'; Optional = $true; IsThere = { Find-Program chromium } }
    # The native agent's linker; without it the agent is built to run on the .NET runtime.
    @{ Name = 'gcc'; For = 'Build', 'Quickstart', 'Test', 'Bench'; Optional = $true; IsThere = { Find-Toolchain } }
    @{ Name = 'libc6-dev'; For = 'Build', 'Quickstart', 'Test', 'Bench'; Optional = $true; IsThere = { Find-Toolchain } }
)

function Find-Toolchain {
    ((Find-Program clang) -or (Find-Program gcc)) -and [IO.File]::Exists('/usr/include/stdlib.h')
}

function Install-Prerequisite([string] $forTask) {
    if (-not $IsLinux) { return }
    $missing = @($debianPackages | Where-Object { $_.For -contains $forTask -and -not (& $_.IsThere) })
    if (-not $missing) { return }

    $names = @($missing | ForEach-Object { $_.Name })
    $aptGet = Find-Program apt-get
    if ($aptGet -and [Environment]::UserName -eq 'root') {
        [Environment]::SetEnvironmentVariable('DEBIAN_FRONTEND', 'noninteractive')
        $install = @('install', '-y', '-q', '--no-install-recommends') + $names
        try {
            Invoke-Quietly "Installing $names" $aptGet $install
        }
        catch {
            # A fresh image has no package lists.
            Invoke-Quietly 'Reading the package lists' $aptGet @('update', '-q')
            Invoke-Quietly "Installing $names" $aptGet $install
        }
        return
    }

    $needed = @($missing | Where-Object { -not $_['Optional'] } | ForEach-Object { $_.Name })
    if ($needed) { throw "$forTask needs packages that are not installed. Run: sudo apt-get install -y $names" }
}

# Runs a script in a process of its own, in the same kind of shell: a module that this process loaded could not be
# built again while it runs.
function Invoke-Shell([string] $script) {
    $shell = [Environment]::ProcessPath
    if ([IO.Path]::GetFileNameWithoutExtension($shell) -ne 'tunnel-shell') {
        $shell = [IO.Path]::Combine($PSHOME, $IsWindows ? 'pwsh.exe' : 'pwsh')
        & $shell -NoProfile -File $script
    }
    else {
        & $shell $script
    }
}

function Build-Agent {
    $publish = @('publish', "$root/src/Tunnel.Agent", '-c', 'Release', '--use-current-runtime', '-o', $bin, '-v', 'quiet',
        '-p:DebugType=none', '-p:PublishDocumentationFiles=false', '-p:PublishReferencesDocumentationFiles=false')
    if (-not $IsLinux -or (Find-Toolchain)) {
        Invoke-Quietly 'Building the agent (native)' dotnet ($publish + '-p:CopyOutputSymbolsToPublishDirectory=false')
    }
    else {
        Say 'No C toolchain (gcc and libc6-dev): the agent will need the .NET runtime and start slower.'
        Invoke-Quietly 'Building the agent' dotnet ($publish +
            @('-p:PublishAot=false', '-p:PublishSingleFile=true', '--self-contained', 'false'))
    }
}

function Invoke-Build {
    Invoke-Quietly 'Building the solution' dotnet @('build', "$root/Tunnel.sln", '-c', 'Release', '-v', 'quiet')
    Build-Agent
    Say 'Writing the help ...'
    Invoke-Shell "$root/src/Tunnel.PowerShell/Help/New-HelpFile.ps1"
    if ($LASTEXITCODE -ne 0) { throw 'The help could not be written.' }
}

function Read-TrxCount([string] $folder, [hashtable] $count) {
    foreach ($file in [IO.Directory]::GetFiles($folder, '*.trx')) {
        $run = [xml] [IO.File]::ReadAllText($file)
        foreach ($result in @($run.GetElementsByTagName('UnitTestResult'))) {
            $said = Get-ChildText $result 'Message'
            switch ($result.outcome) {
                'Passed' { $count.Passed++ }
                'NotExecuted' { Add-Skipped $count $said 1 }
                default {
                    Add-Failed $count "$($result.testName)`n$said`n$(Get-ChildText $result 'StackTrace')"
                }
            }
        }
    }
}

function Get-ChildText([Xml.XmlElement] $element, [string] $name) {
    [string] $element.SelectSingleNode(".//*[local-name()='$name']")?.InnerText
}

function Add-Failed([hashtable] $count, [string] $what) {
    $count.Failed++
    $count.Failures += $what
}

# Skipped tests are counted by what they say that they lack.
function Add-Skipped([hashtable] $count, [string] $why, [int] $number) {
    $count.Skipped += $number
    $count.Reasons[$why] += $number
}

# The Pester files run where a pwsh with Pester 5 is found; elsewhere each file counts as one skipped test.
function Invoke-PesterFile([hashtable] $count) {
    $files = @([IO.Directory]::GetFiles("$root/tests", '*.Tests.ps1', 'AllDirectories') |
            Where-Object { $_ -notmatch '[\\/](bin|obj)[\\/]' })
    if (-not $files) { return }

    $result = [IO.Path]::Combine($testResults, 'pester.txt')
    $pwsh = [Environment]::ProcessPath
    if ([IO.Path]::GetFileNameWithoutExtension($pwsh) -ne 'pwsh') { $pwsh = Find-Program pwsh }
    if ($pwsh) { & $pwsh -NoProfile -File "$root/tests/Invoke-PesterFile.ps1" -Result $result }
    if ([IO.File]::Exists($result)) {
        $passed, $failed, $skipped = [int[]] [IO.File]::ReadAllLines($result)
        $count.Passed += $passed
        $count.Failed += $failed
        if ($failed) { $count.Failures += "$failed of Pester's tests, which said above what is wrong" }
        if ($skipped) { Add-Skipped $count "Pester's tests say above what they lack" $skipped }
        return
    }

    Add-Skipped $count 'the Pester files need pwsh with Pester 5 on the PATH' $files.Count
}

# Gives the tests a temporary folder of their own, runs the script, and says what is still there when it has ended: a test
# that leaves something behind has failed.
function Invoke-InTemporaryFolder([hashtable] $count, [scriptblock] $script) {
    $folder = [IO.Directory]::CreateTempSubdirectory('tunnel-tests-').FullName
    # Programs of other users put files there as well, as they do in /tmp.
    if (-not $IsWindows) { [IO.File]::SetUnixFileMode($folder, [Convert]::ToInt32('1777', 8)) }
    $variables = if ($IsWindows) { 'TMP', 'TEMP' } else { , 'TMPDIR' }
    $before = @{}
    foreach ($name in $variables) {
        $before[$name] = [Environment]::GetEnvironmentVariable($name)
        [Environment]::SetEnvironmentVariable($name, $folder)
    }

    # The runtime's sockets for debuggers stay when a test kills a program.
    $env:DOTNET_EnableDiagnostics = '0'
    try {
        . $script
    }
    finally {
        foreach ($name in $variables) { [Environment]::SetEnvironmentVariable($name, $before[$name]) }
        $env:DOTNET_EnableDiagnostics = $null
        $left = @([IO.Directory]::GetFileSystemEntries($folder, '*tunnel*') | ForEach-Object { [IO.Path]::GetFileName($_) })
        [IO.Directory]::Delete($folder, $true)
    }

    foreach ($name in $left) { Add-Failed $count "left behind: $name" }
}

function Invoke-Test {
    if ([IO.Directory]::Exists($testResults)) { [IO.Directory]::Delete($testResults, $true) }
    [void] [IO.Directory]::CreateDirectory($testResults)
    # What programs say is compared, and where the user's language is not installed, bash adds a warning to it.
    [Environment]::SetEnvironmentVariable('LC_ALL', 'C.UTF-8')
    $count = @{ Passed = 0; Failed = 0; Skipped = 0; Failures = @(); Reasons = [Collections.SortedList]::new() }
    Invoke-InTemporaryFolder $count { Invoke-EveryTest $count }
    foreach ($why in $count.Reasons.Keys) { Say "skipped $($count.Reasons[$why]): $why" }
    # Last, because who reads the end of a long output looks for these.
    foreach ($what in $count.Failures) { Say "failed: $what" }
    Say "$($count.Passed) passed, $($count.Failed) failed, $($count.Skipped) skipped"
    if ($count.Failed -gt 0 -or $count.Passed -eq 0) { exit 1 }
}

function Invoke-EveryTest([hashtable] $count) {
    # One project at a time: the tests measure time, and a machine may have two cores.
    & dotnet test "$root/Tunnel.sln" -c Release --no-build -m:1 --logger trx --results-directory $testResults `
        --logger 'console;verbosity=minimal' --blame-hang-timeout 10m --blame-hang-dump-type none
    $testExit = $LASTEXITCODE
    Read-TrxCount $testResults $count
    Invoke-PesterFile $count
    if ($testExit -ne 0 -and $count.Failed -eq 0) {
        Add-Failed $count "dotnet test ended with $testExit though no test failed: a test run broke."
    }
}

function Remove-BuildOutput {
    $folders = @($bin, $testResults)
    foreach ($project in [IO.Directory]::GetDirectories("$root/src") + [IO.Directory]::GetDirectories("$root/tests")) {
        # The shell that runs this script cannot remove itself.
        if (-not [Environment]::ProcessPath.StartsWith("$project/")) { $folders += "$project/bin", "$project/obj" }
    }
    foreach ($folder in $folders) {
        if ([IO.Directory]::Exists($folder)) { [IO.Directory]::Delete($folder, $true) }
    }
    [IO.File]::Delete("$root/en-US/Tunnel.PowerShell.dll-Help.xml")
}

if ($Task -eq 'Clean') {
    Remove-BuildOutput
    exit 0
}

Install-Prerequisite $Task
Invoke-Build
switch ($Task) {
    'Quickstart' {
        Invoke-Shell "$root/src/runbooks/quickstart.ps1"
        exit $LASTEXITCODE
    }
    'Test' { Invoke-Test }
    'Bench' {
        & dotnet run --project "$root/tests/Tunnel.Benchmarks" -c Release --no-build -- @Arguments
        exit $LASTEXITCODE
    }
}
