BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Get-AccessServiceToken' {
    It 'lists tokens without their secrets' {
        $token = New-AccessServiceToken ci
        $listed = Get-AccessServiceToken c*
        $listed.ClientId | Should -Be $token.ClientId
        $listed.ClientSecret | Should -BeNullOrEmpty
        Get-AccessServiceToken other | Should -BeNullOrEmpty
    }
}
