BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Get-AccessOrganization' {
    It 'shows the team domain' {
        (Get-AccessOrganization).AuthDomain | Should -Not -BeNullOrEmpty
        Get-AccessOrganization | Format-Table | Out-String | Should -Match AuthDomain
    }
}
