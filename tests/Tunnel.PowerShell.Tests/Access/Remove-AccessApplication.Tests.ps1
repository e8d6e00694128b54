BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Remove-AccessApplication' {
    It 'removes nothing with -WhatIf' {
        Remove-AccessApplication ssh.example.test -WhatIf
        Get-AccessApplication | Should -HaveCount 1
    }

    It 'removes an application from the pipeline' {
        Get-AccessApplication | Remove-AccessApplication -Confirm:$false
        Get-AccessApplication | Should -BeNullOrEmpty
    }

    It 'says what is not there' {
        { Remove-AccessApplication ssh.example.test -Confirm:$false } |
            Should -Throw -ErrorId 'ResourceNotFound,Tunnel.PowerShell.Access.RemoveAccessApplication'
    }
}
