BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Set-AccessOrganization' {
    It 'changes what is given, and nothing with -WhatIf' {
        Set-AccessOrganization -SessionDuration 8h -WhatIf
        (Get-AccessOrganization).SessionDuration | Should -Be 24h
        $changed = Set-AccessOrganization -SessionDuration 8h -FooterText Help -Confirm:$false
        $changed.SessionDuration | Should -Be 8h
        $changed.LoginDesign.FooterText | Should -Be Help
    }
}
