BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Revoke-AccessSession' {
    It 'ends what was opened of an application' {
        { Revoke-AccessSession -Application ssh.example.test -Confirm:$false } | Should -Not -Throw
        { Get-AccessApplication | Revoke-AccessSession -WhatIf } | Should -Not -Throw
    }

    It 'says which application there is not' {
        { Revoke-AccessSession -Application none.example.test -Confirm:$false } | Should -Throw '*none.example.test*'
    }
}
