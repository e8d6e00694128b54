#Requires -Version 7.6
# Runs every *.Tests.ps1 below this folder and writes three lines to -Result: passed, failed, skipped.
# Writes no file where Pester 5 is not installed.
param([Parameter(Mandatory)][string] $Result)

if (-not (Get-Module -ListAvailable -Name Pester | Where-Object Version -GE '5.0')) { exit 0 }
Import-Module Pester -MinimumVersion 5.0
$configuration = New-PesterConfiguration
$configuration.Run.Path = $PSScriptRoot
$configuration.Run.PassThru = $true
$configuration.Output.Verbosity = 'Minimal'
$run = Invoke-Pester -Configuration $configuration
# A container that could not even be discovered has no test to fail.
$failed = $run.FailedCount + $run.FailedContainersCount + $run.FailedBlocksCount
[IO.File]::WriteAllLines($Result, [string[]] ($run.PassedCount, $failed, $run.SkippedCount))
