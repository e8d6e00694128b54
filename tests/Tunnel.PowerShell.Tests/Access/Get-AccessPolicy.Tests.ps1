BeforeAll {
    . "$PSScriptRoot/../Lab.ps1"
    $lab = Start-Lab -WithApplication
}

AfterAll { Stop-Lab $lab }

Describe 'Get-AccessPolicy' {
    It 'lists the policies of an application' {
        New-AccessPolicy ssh.example.test -Name one -Decision Allow -Include '@example.com' | Out-Null
        New-AccessPolicy ssh.example.test -Name two -Decision Deny -Include everyone | Out-Null
        (Get-AccessPolicy ssh.example.test).Name | Should -Be 'one', 'two'
        (Get-AccessApplication | Get-AccessPolicy -Name t*).Name | Should -Be 'two'
    }

    It 'says which application is not there' {
        { Get-AccessPolicy none.example.test } | Should -Throw -ErrorId 'ResourceNotFound,Tunnel.PowerShell.Access.GetAccessPolicy'
    }
}
