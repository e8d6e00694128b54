BeforeAll {
    $ErrorActionPreference = 'Stop'
    Import-Module ([IO.Path]::GetFullPath("$PSScriptRoot/../../../Tunnel.psd1"))
}

Describe 'Enable-NetworkIngress' {
    It 'is no error where nothing is locked' -Skip:(-not ([Environment]::IsPrivilegedProcess -and [IO.File]::Exists('/usr/sbin/nft'))) {
        "$((Enable-NetworkIngress -Confirm:$false).Status)" | Should -Be 'Open'
    }
}
