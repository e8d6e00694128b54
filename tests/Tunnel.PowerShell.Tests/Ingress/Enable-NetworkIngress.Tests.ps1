BeforeAll {
    $ErrorActionPreference = 'Stop'
    Import-Module ([IO.Path]::GetFullPath("$PSScriptRoot/../../../Tunnel.psd1"))
}

Describe 'Enable-NetworkIngress' {
    It 'is no error where nothing is locked' -Skip:(-not ([Environment]::IsPrivilegedProcess -and [IO.File]::Exists('/usr/sbin/nft'))) {
        if ("$((Get-NetworkIngress).Status)" -ne 'Open') { Set-ItResult -Skipped -Because 'this machine has a lock, which is not ours to open' }
        "$((Enable-NetworkIngress -Confirm:$false).Status)" | Should -Be 'Open'
    }
}
