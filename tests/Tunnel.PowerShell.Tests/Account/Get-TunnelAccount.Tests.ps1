BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Get-TunnelAccount' {
    It 'lists the connected accounts' {
        Get-TunnelAccount | Should -Be $lab.Account
        Get-TunnelAccount tun* | Should -Be $lab.Account
        Get-TunnelAccount other | Should -BeNullOrEmpty
    }

    It 'lists the accounts that the token sees' {
        (Get-TunnelAccount -ListAvailable).Id | Should -Be $lab.Account.AccountId
    }
}
