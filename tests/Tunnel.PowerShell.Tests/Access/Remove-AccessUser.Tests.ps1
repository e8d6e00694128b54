BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab
}

AfterAll { Stop-Lab $lab }

Describe 'Remove-AccessUser' {
    It 'says that nobody of the address has signed in' {
        { Remove-AccessUser nobody@example.com -Confirm:$false -ErrorAction Stop } | Should -Throw -ErrorId 'ResourceNotFound,*'
    }

    It 'takes people from the pipeline' {
        Get-AccessUser | Remove-AccessUser -Confirm:$false | Should -BeNullOrEmpty
    }
}
